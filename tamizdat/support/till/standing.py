"""How one contribution stands, as its giver and the counter may see it."""

from datetime import date
from typing import Any

from tamizdat.support.providers.base import Provider, ProviderError
from tamizdat.support.till.asking import asking
from tamizdat.support.till.models import Contribution
from tamizdat.support.till.states import GIVING, NOT_SETTLED

# Of several attempts with one token the giver wants to see the one that gives.
FIRST = (*GIVING, "paid", "stopped", *NOT_SETTLED)


def of_token(token_hash: str) -> Contribution | None:
    """Return the contribution of a token: of several attempts the one that matters most."""
    contributions = list(Contribution.objects.filter(token_hash=token_hash))
    return min(contributions, key=_weight, default=None)


def _weight(contribution: Contribution) -> int:
    return FIRST.index(contribution.state) if contribution.state in FIRST else len(FIRST)


def show(contribution: Contribution, following: date | None = None) -> dict[str, Any]:
    """Return what is told about a contribution. Charges are numbered: no ref leaves the till."""
    charges = contribution.charges.order_by("id")
    return {
        "state": contribution.state,
        "reason": contribution.reason,
        "minor": contribution.minor,
        "currency": contribution.currency,
        "interval": contribution.interval,
        "month": contribution.month.isoformat(),
        "to_stop": contribution.to_stop and contribution.state in GIVING,
        "next": following.isoformat() if following else None,
        "charges": [
            {
                "number": number,
                "month": charge.month.isoformat(),
                "minor": charge.minor,
                "currency": charge.currency,
            }
            for number, charge in enumerate(charges, start=1)
        ],
    }


def next_charge(contribution: Contribution, service: Provider) -> date | None:
    """Return when the service charges again: asked each time, because we keep no such day.

    None also where this contribution was asked about too often of late.
    """
    if (
        contribution.state not in GIVING
        or contribution.ref is None
        or not asking.may(contribution.key)
    ):
        return None
    try:
        return service.fetch(contribution.ref).next_charge
    except ProviderError:
        return None
