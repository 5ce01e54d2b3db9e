"""Which cards we must not take: those whose use could be evidence against their owner."""

from collections.abc import Collection
from typing import Literal

from tamizdat.support.providers.base import Instrument

Refusal = Literal["listed", "unknown", "kind"]
REFUSALS: tuple[Refusal, ...] = ("listed", "unknown", "kind")

# Kinds whose country is the issuer's. Wallets that name none (Link, Revolut Pay, Cash App)
# would let a listed card through unseen.
KINDS_WITH_A_COUNTRY = frozenset({"card", "paypal", "sepa_debit"})


def refusal(instrument: Instrument, listed: Collection[str]) -> Refusal | None:
    """Return why this instrument must not be charged, or None if it may be.

    Not knowing counts as a refusal: a donor is convicted by one charge, the newsroom loses
    one contribution. The country is the issuing bank's, not the reader's, so this is a wall and not
    the only one: the declaration before it is there for the rest.
    """
    if instrument.kind not in KINDS_WITH_A_COUNTRY:
        return "kind"
    country = (instrument.country or "").strip().upper()
    if len(country) != 2 or not country.isalpha():  # noqa: PLR2004  ISO 3166-1 alpha-2
        return "unknown"
    return "listed" if country in {one.strip().upper() for one in listed} else None
