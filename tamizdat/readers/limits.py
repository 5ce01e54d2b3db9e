"""How many letters an address gets that nobody has confirmed: two in seven days.

The counts are in the memory of the worker and nowhere else, under a key that is replaced each
week. A file would let whoever takes the machine test addresses for as long as it lies there; the
price is that a restart forgets the counts (docs/adr/0012-limits-in-memory.md). That no address
has two open sign-ups is held by rows, and survives a restart (`actions.recognise`).
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from tamizdat.readers.addresses import limit_tag

LETTERS = 2
WITHIN = timedelta(days=7)
MOST = 100_000  # addresses and sign-ups that are remembered


@dataclass(slots=True)
class _Week:
    """A key and what was counted under it."""

    began: datetime
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    sent: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict, repr=False)


class WeeklyLimits:
    """Counts letters by address. Two weeks are kept, so that seven days can be looked back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._weeks: list[_Week] = []
        self._asked: OrderedDict[UUID, str] = OrderedDict()  # sign-up: address's tags, joined

    def allow(self, address: str, sign_up: UUID, at: datetime) -> bool:
        """Count one letter and return True, or return False where there were two already.

        A second try of the same sign-up's letter is not counted.
        """
        with self._lock:
            self._turn(at)
            if sign_up in self._asked:
                return True
            tags = [limit_tag(week.key, address) for week in self._weeks]
            sent = [
                moment
                for week, tag in zip(self._weeks, tags, strict=True)
                for moment in week.sent.get(tag, ())
                if at - moment < WITHIN
            ]
            if len(sent) >= LETTERS:
                return False
            self._weeks[-1].sent.setdefault(tags[-1], []).append(at)
            self._asked[sign_up] = " ".join(tags)
            for memory in (self._weeks[-1].sent, self._asked):
                if len(memory) > MOST:
                    memory.popitem(last=False)
            return True

    def forgive(self, sign_up: UUID) -> None:
        """Forget what was counted against an address whose owner has pressed the button."""
        with self._lock:
            tags = self._asked.pop(sign_up, "").split()
            for week in self._weeks:
                for tag in tags:
                    week.sent.pop(tag, None)

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._weeks.clear()
            self._asked.clear()

    def _turn(self, at: datetime) -> None:
        self._weeks = [week for week in self._weeks if at - week.began < 2 * WITHIN]
        if not self._weeks or at - self._weeks[-1].began >= WITHIN:
            self._weeks.append(_Week(at))


#: The one of this process. Only the worker sends letters.
limits = WeeklyLimits()
