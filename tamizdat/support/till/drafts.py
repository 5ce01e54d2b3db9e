"""What a reader is about to give, before anything is written. It travels with the reader."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tamizdat.lib.money import Money
from tamizdat.support import tokens
from tamizdat.support.providers.base import Interval

LASTS = timedelta(minutes=30)
KNOWN_FOR = timedelta(hours=26)  # a bank's question may be answered for a day
ATTEMPTS = 5  # a stolen card's tester wants many; a reader with a declined card wants two


@dataclass(frozen=True, slots=True)
class Draft:
    """A contribution that is not yet one. `token` manages what becomes of it.

    `seed` is 128 random bits. The idempotency keys of its attempts derive from it, so that
    every process of the till, before and after a restart, gives one attempt one key, and the
    rows of the books say how many attempts there were.
    """

    seed: str
    money: Money
    interval: Interval
    language: str
    begun: datetime
    token: str

    def key(self, attempt: int) -> str:
        """Return the idempotency key of an attempt, counted from one."""
        return hashlib.sha256(f"attempt {attempt} {self.seed}".encode()).hexdigest()[:32]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all attempts that this draft may make, first one first."""
        return tuple(self.key(number) for number in range(1, ATTEMPTS + 1))

    def in_language(self, language: str) -> "Draft":
        """Return the same draft for pages in another language."""
        return replace(self, language=language)

    def may_pay(self, at: datetime) -> bool:
        """Say whether the payment form is still shown: for half an hour."""
        return at - self.begun < LASTS

    def is_known(self, at: datetime) -> bool:
        """Say whether it still leads to what became of it: for longer than a bank's question."""
        return at - self.begun < KNOWN_FOR


def begin(money: Money, interval: Interval, language: str, at: datetime) -> Draft:
    """Return a new draft, with a manage token of 128 random bits. Nothing is kept of it."""
    seed, token = secrets.token_hex(16), tokens.fresh()
    return Draft(seed, money, interval, language, at.replace(microsecond=0), token)
