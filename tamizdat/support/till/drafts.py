"""What a reader is about to give, before anything is written: in memory, for half an hour."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from tamizdat.lib.money import Money
from tamizdat.support import tokens
from tamizdat.support.providers.base import Interval

LASTS = timedelta(minutes=30)
AT_MOST = 10_000
ATTEMPTS = 5  # a stolen card's tester wants many; a reader with a declined card wants two


@dataclass(frozen=True, slots=True)
class Draft:
    """A gift that is not yet one. `key` is for one attempt, `token` manages what becomes of it.

    `back` is where the bank's question returns to. The service is told it, and so it is not the
    token: who keeps cards must not keep the links that stop their gifts beside them.
    """

    id: str
    money: Money
    interval: Interval
    language: str
    begun: datetime
    key: str
    token: str
    back: str
    attempt: int = 1


class Drafts:
    """The drafts of this process. When they are too many the oldest go: no row remembers them.

    A restart forgets them all; the reader begins again. That is the price of leaving no trace
    of somebody who looked at the payment page and went away.
    """

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._lock = Lock()

    def begin(self, money: Money, interval: Interval, language: str, at: datetime) -> Draft:
        """Return a new draft, with a manage token of 128 random bits."""
        draft = Draft(
            id=secrets.token_urlsafe(16),
            money=money,
            interval=interval,
            language=language,
            begun=at,
            key=secrets.token_hex(16),
            token=tokens.fresh(),
            back=secrets.token_urlsafe(16),
        )
        with self._lock:
            self._forget_old(at)
            self._drafts[draft.id] = draft
            while len(self._drafts) > self._at_most:
                self._drafts.popitem(last=False)
        return draft

    def find(self, name: str, at: datetime) -> Draft | None:
        """Return a draft by its id, while it lasts."""
        with self._lock:
            self._forget_old(at)
            return self._drafts.get(name)

    def returning(self, back: str, at: datetime) -> Draft | None:
        """Return the draft that a bank's question sends back to, while it lasts."""
        with self._lock:
            self._forget_old(at)
            found = (one for one in self._drafts.values() if one.back == back)
            return next(found, None)

    def again(self, draft: Draft) -> Draft | None:
        """Return the draft with a fresh key for another attempt, or None after the last one.

        Two requests that saw the same attempt fail get the same fresh key.
        """
        with self._lock:
            now = self._drafts.get(draft.id)
            if now is None or now.attempt > draft.attempt:
                return now
            if draft.attempt >= ATTEMPTS:
                self._drafts.pop(draft.id)
                return None
            fresh = replace(draft, key=secrets.token_hex(16), attempt=draft.attempt + 1)
            self._drafts[draft.id] = fresh
            return fresh

    def drop(self, draft: Draft) -> None:
        """Forget a draft."""
        with self._lock:
            self._drafts.pop(draft.id, None)

    def _forget_old(self, at: datetime) -> None:
        while self._drafts:
            oldest = next(iter(self._drafts.values()))
            if at - oldest.begun < LASTS:
                return
            self._drafts.popitem(last=False)


drafts = Drafts()
