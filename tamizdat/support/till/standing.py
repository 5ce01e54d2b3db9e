"""How one gift stands, as its giver and the counter may see it."""

from datetime import date
from typing import Any

from tamizdat.support.providers.base import Provider, ProviderError
from tamizdat.support.till.asking import asking
from tamizdat.support.till.models import Gift
from tamizdat.support.till.states import GIVING, NOT_SETTLED

# Of several attempts with one token the giver wants to see the one that gives.
FIRST = (*GIVING, "paid", "stopped", *NOT_SETTLED)


def of_token(token_hash: str) -> Gift | None:
    """Return the gift of a token: of several attempts the one that matters most."""
    gifts = list(Gift.objects.filter(token_hash=token_hash))
    return min(gifts, key=_weight, default=None)


def _weight(gift: Gift) -> int:
    return FIRST.index(gift.state) if gift.state in FIRST else len(FIRST)


def show(gift: Gift, following: date | None = None) -> dict[str, Any]:
    """Return what is told about a gift. Charges are numbered: no ref leaves the till."""
    charges = gift.charges.order_by("id")
    return {
        "state": gift.state,
        "reason": gift.reason,
        "minor": gift.minor,
        "currency": gift.currency,
        "interval": gift.interval,
        "month": gift.month.isoformat(),
        "to_stop": gift.to_stop and gift.state in GIVING,
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


def next_charge(gift: Gift, service: Provider) -> date | None:
    """Return when the service charges again: asked each time, because we keep no such day.

    None also where this gift was asked about too often of late.
    """
    if gift.state not in GIVING or gift.ref is None or not asking.may(gift.key):
        return None
    try:
        return service.fetch(gift.ref).next_charge
    except ProviderError:
        return None
