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
    """When somebody first wished for a receipt, and the names of the wishes that are spent."""

    since: datetime
    spent: dict[int, str] = field(default_factory=dict)


class Corrections:
    """The wishes of the last hour, by the hash of the contribution's token.

    Whoever calls gives each wish a name, by which it is taken back: also one whose number they
    never heard, because the answer was lost.

    A restart forgets all: then nothing is corrected, and nobody gets one letter more. Wishes that
    were taken back and that the books still call wished are remembered until they are made anew.
    """

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._wished: OrderedDict[str, _Wished] = OrderedDict()
        self._still_in_books: OrderedDict[str, None] = OrderedDict()
        self._too_early: OrderedDict[tuple[str, str], datetime] = OrderedDict()  # taken back
        self._lock = Lock()

    def spend(self, token_hash: str, name: str, at: datetime, *, noted: bool) -> int | None:
        """Spend a wish, and return its number; None where none is left, or it was taken back.

        `noted` says whether the books note it now: then it is the first. They said so before of
        a correction, and of a first wish that they could not take back.
        """
        with self._lock:
            self._forget_old(at)
            if (token_hash, name) in self._too_early:
                return None
            if noted or token_hash in self._still_in_books:
                self._still_in_books.pop(token_hash, None)
                self._wished[token_hash] = _Wished(at, {FIRST: name})
                self._cut(self._wished)
                return FIRST
            wished = self._wished.get(token_hash)
            if wished is None or set(wished.spent) != {FIRST}:
                return None
            wished.spent[CORRECTION] = name
            return CORRECTION

    def give_back(self, token_hash: str, name: str, at: datetime) -> bool:
        """Take a wish of the last hour back, and return whether none is spent any more.

        A number that is spent never goes out a second time. So where the first is taken back
        while the correction is spent, there is none until that one is taken back as well. One that
        is still on its way spends nothing when it arrives.
        """
        with self._lock:
            self._forget_old(at)
            wished = self._wished.get(token_hash)
            if wished is None or name not in wished.spent.values():
                self._too_early[token_hash, name] = at
                self._cut(self._too_early)
                return False
            wished.spent = {one: named for one, named in wished.spent.items() if named != name}
            if not wished.spent:
                del self._wished[token_hash]
            return not wished.spent

    def keep_in_mind(self, token_hash: str) -> None:
        """Remember that no wish is spent, though the books could not note it."""
        with self._lock:
            self._still_in_books[token_hash] = None
            self._cut(self._still_in_books)

    def _cut(self, remembered: OrderedDict[Any, Any]) -> None:
        while len(remembered) > self._at_most:
            remembered.popitem(last=False)

    def _forget_old(self, at: datetime) -> None:
        while self._wished and at - next(iter(self._wished.values())).since >= LASTS:
            self._wished.popitem(last=False)
        while self._too_early and at - next(iter(self._too_early.values())) >= LASTS:
            self._too_early.popitem(last=False)


corrections = Corrections()
