"""Which drafts may not be paid any more: those whose card was refused, or that tried too many.

Only in memory, because a row would be a trace of somebody whose card is from a listed country.
A restart forgets it, and that opens no hole: a listed card is refused again before its bank is
asked, whatever came before. Attempts that reach a bank are counted by the books, not here.
"""

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from tamizdat.support.till.drafts import LASTS, Draft

LOOKS = 20  # at cards, each of which the service is asked about; mistyped numbers count
AT_MOST = 10_000


class Closed:
    """How often a card was shown for each draft, for as long as a draft may be paid."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._looks: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = Lock()

    def may_look(self, draft: Draft, at: datetime) -> bool:
        """Count a look at a card, and say whether it is allowed."""
        with self._lock:
            self._forget_old(at)
            begun, looks = self._looks.get(draft.seed, (at, 0))
            self._note(draft, begun, looks + 1)
            return looks < LOOKS

    def close(self, draft: Draft, at: datetime) -> None:
        """Let this draft not be paid any more."""
        with self._lock:
            self._note(draft, at, LOOKS)

    def has(self, draft: Draft) -> bool:
        """Say whether a draft may not be paid any more."""
        with self._lock:
            return self._looks.get(draft.seed, (None, 0))[1] >= LOOKS

    def _note(self, draft: Draft, since: datetime, looks: int) -> None:
        self._looks[draft.seed] = (since, min(looks, LOOKS + 1))
        while len(self._looks) > self._at_most:
            self._looks.popitem(last=False)

    def _forget_old(self, at: datetime) -> None:
        while self._looks:
            since, _ = next(iter(self._looks.values()))
            if at - since < LASTS:
                return
            self._looks.popitem(last=False)


closed = Closed()
