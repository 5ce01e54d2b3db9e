"""Who may correct the address of a receipt: in memory only, because books hold no such time."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

LASTS = timedelta(hours=1)
AT_MOST = 10_000
FIRST, CORRECTION = 1, 2


@dataclass(slots=True)
class _Wished:
    """When somebody first wished for a receipt, and which of their two wishes are spent."""

    since: datetime
    spent: set[int] = field(default_factory=lambda: {FIRST})


class Corrections:
    """The wishes of the last hour, by the hash of the contribution's token.

    A restart forgets them: then nothing is corrected, and nobody gets one letter more. Wishes that
    were taken back and that the books still call wished are remembered until they are made anew.
    """

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._wished: OrderedDict[str, _Wished] = OrderedDict()
        self._still_in_books: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def allow(self, token_hash: str, at: datetime) -> None:
        """Allow one correction within the hour."""
        with self._lock:
            self._allow(token_hash, at)

    def take(self, token_hash: str, at: datetime) -> int | None:
        """Spend what is left of the wishes that the books know of, and return its number.

        It is the correction, or the first wish where only the books still say that it is spent.
        """
        with self._lock:
            if token_hash in self._still_in_books:
                self._allow(token_hash, at)
                return FIRST
            self._forget_old(at)
            wished = self._wished.get(token_hash)
            if wished is None or wished.spent != {FIRST}:
                return None
            wished.spent.add(CORRECTION)
            return CORRECTION

    def give_back(self, token_hash: str, number: int, at: datetime) -> bool:
        """Take a wish of the last hour back, and return whether none is spent any more.

        A number that is spent never goes out a second time. So where the first is taken back
        while the correction is spent, there is none until that one is taken back as well.
        """
        with self._lock:
            self._forget_old(at)
            wished = self._wished.get(token_hash)
            if wished is None:
                return False
            wished.spent.discard(number)
            if not wished.spent:
                del self._wished[token_hash]
            return not wished.spent

    def keep_in_mind(self, token_hash: str) -> None:
        """Remember that no wish is spent, though the books could not note it."""
        with self._lock:
            self._still_in_books[token_hash] = None
            _cut(self._still_in_books, self._at_most)

    def _allow(self, token_hash: str, at: datetime) -> None:
        self._forget_old(at)
        self._still_in_books.pop(token_hash, None)
        self._wished[token_hash] = _Wished(at)
        _cut(self._wished, self._at_most)

    def _forget_old(self, at: datetime) -> None:
        while self._wished:
            if at - next(iter(self._wished.values())).since < LASTS:
                return
            self._wished.popitem(last=False)


def _cut(remembered: OrderedDict[str, Any], at_most: int) -> None:
    while len(remembered) > at_most:
        remembered.popitem(last=False)


corrections = Corrections()
