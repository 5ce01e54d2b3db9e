"""Who may correct the address of a receipt: in memory only, because books hold no such time."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

LASTS = timedelta(hours=1)
AT_MOST = 10_000


class Corrections:
    """The first wishes of the last hour, by the hash of the contribution's token.

    A restart forgets them: then nothing is corrected, and nobody gets one letter more.
    """

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._since: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def allow(self, token_hash: str, at: datetime) -> None:
        """Allow one correction within the hour."""
        with self._lock:
            self._forget_old(at)
            self._since[token_hash] = at
            while len(self._since) > self._at_most:
                self._since.popitem(last=False)

    def take(self, token_hash: str, at: datetime) -> bool:
        """Use the correction up, and return whether there was one."""
        with self._lock:
            self._forget_old(at)
            return self._since.pop(token_hash, None) is not None

    def _forget_old(self, at: datetime) -> None:
        while self._since:
            if at - next(iter(self._since.values())) < LASTS:
                return
            self._since.popitem(last=False)


corrections = Corrections()
