"""Which receipts are due, as a pure function of a sealed record's details and the till's answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tamizdat.readers.wishes import Answer, Reply, Wish
from tamizdat.support.till_client import Charged, Standing
from tamizdat.support.tokens import digest, is_digest, is_token

KIND = "receipt"
SETTLES_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the record says. `told` counts the charges that were written about.

    `token_hash` is of the contribution's manage token. `number` is 2 where a giver corrected the
    address of a first wish.
    """

    token_hash: str
    asked: date
    each: bool = False
    told: int = 0
    number: int = 1


def read(details: Mapping[str, Any]) -> Receipt | None:
    """Return the wish in a record's details, None if there is none that makes sense."""
    token, known = str(details.get("token", "")), str(details.get("token_hash", ""))
    token_hash = digest(token) if is_token(token) else known
    try:
        asked = date.fromisoformat(str(details.get("asked")))
        told, number = int(details.get("told", 0)), int(details.get("wish", 1))
    except (TypeError, ValueError):
        return None
    if not is_digest(token_hash):
        return None
    return Receipt(token_hash, asked, details.get("each") is True, told, number)


def is_corrected(receipt: Receipt, others: Sequence[Wish]) -> bool:
    """Say whether the giver asked again, for the same contribution with another address."""
    found = (read(other.details) for other in others if other.kind == KIND)
    return any(
        other is not None
        and other.token_hash == receipt.token_hash
        and other.number > receipt.number
        for other in found
    )


def answer(
    wish: Wish,
    standing: Standing | None,
    today: date,
    shown: Callable[[Charged], Mapping[str, Any]],
) -> Answer:
    """Return the receipts that are due, and what remains of the wish.

    At first only the last charge is written about, then, if wished, each new one. A payment that
    is not settled is waited for, for a fortnight.
    """
    receipt = read(wish.details)
    if receipt is None:
        return Answer()
    charges = standing.charges if standing is not None else ()
    due = _due(receipt, charges)
    told = max([receipt.told, *(charge.number for charge in charges)])
    letters = tuple(Reply(KIND, shown(charge)) for charge in due)
    if _is_over(receipt, told, standing, today):
        return Answer(letters)
    return Answer(letters, keep={**wish.details, "told": told})


def _due(receipt: Receipt, charges: Sequence[Charged]) -> Sequence[Charged]:
    new = [charge for charge in charges if charge.number > receipt.told]
    if receipt.told:
        return new if receipt.each else []
    return new[-1:]


def _is_over(receipt: Receipt, told: int, standing: Standing | None, today: date) -> bool:
    if told:
        return not (receipt.each and standing is not None and standing.is_giving)
    return today - receipt.asked > SETTLES_WITHIN
