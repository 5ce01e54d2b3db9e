"""How many letters an address gets that nobody has confirmed: two in seven days.

So many go out unattended: confirmations and first receipts. The counts are in the memory of the
worker and nowhere else, under a key that is replaced each week. A file would let whoever takes the
machine test addresses for as long as it lies there; the price is that a restart forgets the counts
(docs/adr/0012-limits-in-memory.md). That no address has two open sign-ups is held by rows, and
survives a restart (`actions.recognise`).

Each unlock names the mailboxes that are to get nothing now; they are remembered in the same way.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from tamizdat.readers.mailboxes.addresses import limit_tag

LETTERS = 2
WITHIN = timedelta(days=7)
MOST = 100_000  # addresses, and letters, that are remembered


@dataclass(slots=True)
class _Week:
    """A key, what was counted under it, and which mailboxes are to get nothing.

    `silent` had too many letters. `stopped` said that they want none: only they can end that.
    """

    began: datetime
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    sent: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict, repr=False)
    silent: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)
    stopped: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)


class WeeklyLimits:
    """Counts letters by address. Two weeks are kept, so that seven days can be looked back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._weeks: list[_Week] = []
        self._asked: OrderedDict[UUID, str] = OrderedDict()  # letter: address's tags, joined

    def may(self, address: str, letter: UUID, at: datetime) -> bool:
        """Say whether a letter may go to an address, and count nothing."""
        with self._lock:
            self._turn(at)
            return self._may(self._tags(address), letter, at)

    def allow(self, address: str, letter: UUID, at: datetime) -> bool:
        """Count one letter and return True, or return False where it may not go.

        A second try of the same letter is not counted. `letter` is what it answers: a sign-up or a
        sealed record.
        """
        with self._lock:
            self._turn(at)
            tags = self._tags(address)
            if not self._may(tags, letter, at):
                return False
            if letter not in self._asked:
                self._weeks[-1].sent.setdefault(tags[-1], []).append(at)
                self._asked[letter] = " ".join(tags)
                _bound(self._weeks[-1].sent)
                _bound(self._asked)
            return True

    def silence(self, address: str, at: datetime) -> None:
        """Let nothing go to a mailbox that had too many letters, for one to two weeks.

        Each unlock says it anew. Any button of its owner ends it.
        """
        with self._lock:
            self._turn(at)
            self._note(self._weeks[-1].silent, address)

    def stop(self, address: str, at: datetime) -> None:
        """Let nothing go to a mailbox whose owner said so, for one to two weeks like `silence`.

        Whatever else is said of the mailbox, only `resume` ends it.
        """
        with self._lock:
            self._turn(at)
            self._note(self._weeks[-1].stopped, address)

    def resume(self, address: str) -> None:
        """Forget what was held against a mailbox whose owner said that we may write to it."""
        with self._lock:
            tags = self._tags(address)
            self._forget(tags)
            for week in self._weeks:
                for tag in tags:
                    week.stopped.pop(tag, None)

    def welcome(self, address: str) -> None:
        """Forget the letters to a mailbox whose owner has pressed a button."""
        with self._lock:
            self._forget(self._tags(address))

    def forgive(self, letter: UUID) -> None:
        """Forget what was held against the mailbox of a letter in which a button was pressed."""
        with self._lock:
            self._forget(self._asked.pop(letter, "").split())

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._weeks.clear()
            self._asked.clear()

    def _may(self, tags: list[str], letter: UUID, at: datetime) -> bool:
        weeks = list(zip(self._weeks, tags, strict=True))
        if any(tag in week.silent or tag in week.stopped for week, tag in weeks):
            return False
        if letter in self._asked:
            return True
        sent = [moment for week, tag in weeks for moment in week.sent.get(tag, ())]
        return sum(at - moment < WITHIN for moment in sent) < LETTERS

    def _note(self, mailboxes: OrderedDict[str, None], address: str) -> None:
        mailboxes[limit_tag(self._weeks[-1].key, address)] = None
        _bound(mailboxes)

    def _tags(self, address: str) -> list[str]:
        return [limit_tag(week.key, address) for week in self._weeks]

    def _forget(self, tags: list[str]) -> None:
        for week in self._weeks:
            for tag in tags:
                week.sent.pop(tag, None)
                week.silent.pop(tag, None)

    def _turn(self, at: datetime) -> None:
        self._weeks = [week for week in self._weeks if at - week.began < 2 * WITHIN]
        if not self._weeks or at - self._weeks[-1].began >= WITHIN:
            self._weeks.append(_Week(at))


def _bound(memory: OrderedDict[Any, Any]) -> None:
    """Forget the oldest of what is remembered, where it is too much."""
    if len(memory) > MOST:
        memory.popitem(last=False)


#: The one of this process. Only the worker sends letters.
limits = WeeklyLimits()
