"""Compare what was found with what is true, which whoever took the machine does not know."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.drill.people import Truth
from tests.drill.taking import Found

COPIES_LAST = timedelta(hours=48)
KEYS_LAST = timedelta(hours=49)
TOO_ALIKE = 0.75  # of two orders: of nine things or more this is no accident
FEWEST = 6


@dataclass
class Verdict:
    """What a copy gave away."""

    opened: int
    too_old: list[str]  # opened though the promise is over
    missed: list[str]  # young and waiting, and yet not opened: the attack is too weak
    guessed: list[str]
    plain: list[str]
    joins: list[dict[str, str]]
    times: list[str]
    order: float  # how like the order of records is to that of contributions; 1 is the same
    tried: dict[str, int] = field(default_factory=dict)

    @property
    def addresses(self) -> int:
        return len(self.too_old) + len(self.plain) + len(self.guessed)

    @property
    def joined(self) -> int:
        return len(self.joins) + len(self.times) + (abs(self.order) > TOO_ALIKE)


def judge(found: Found, truth: Truth, at: datetime, waiting: set[str], known: Found) -> Verdict:
    """Return the verdict on a copy that was taken at a time.

    `known` is what the passphrase opens of the same copy.
    """
    young = truth.since(at - KEYS_LAST)
    where = found.opened
    return Verdict(
        opened=len(where),
        too_old=sorted(f"{where[address]}" for address in set(where) - young),
        missed=sorted(address.partition("@")[0] for address in waiting - set(where)),
        guessed=sorted(found.guessed.values()),
        plain=sorted(found.plain),
        joins=[asdict(join) for join in found.joins],
        times=sorted(found.times),
        order=round(likeness(found, known, truth), 2),
        tried=dict(found.tried),
    )


def likeness(found: Found, known: Found, truth: Truth) -> float:
    """Return the rank correlation of receipts' records with their contributions, as they lie."""
    token_of = dict(truth.pairs)
    details: dict[str, Any] = dict(known.details)
    addresses = [details[sealed]["address"] for sealed in found.order if sealed in details]
    tokens = [token_of[address] for address in addresses if address in token_of]
    places = {token: n for n, token in enumerate(found.contributions)}
    ranks = [places[token] for token in tokens if token in places]
    if len(ranks) < FEWEST:
        return 0.0
    ordered = {place: n for n, place in enumerate(sorted(ranks))}
    many = len(ranks)
    apart = sum((n - ordered[place]) ** 2 for n, place in enumerate(ranks))
    return 1 - 6 * apart / (many * (many**2 - 1))
