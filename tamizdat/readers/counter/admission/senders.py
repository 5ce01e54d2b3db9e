"""What is remembered about networks: in memory, under a random key, forgotten within the hour."""

import hmac
import secrets
from collections import OrderedDict
from threading import RLock, Timer

from tamizdat.readers.counter.bucket import Bucket, Rate

LASTS_S = 25 * 60  # of one generation; there are two
AT_MOST = 30_000  # buckets in a generation: about 10 MB


class Senders:
    """Buckets by network. No name of a network is kept, only its hash under a random key.

    There are two generations of buckets and keys. The older one is forgotten when a new one
    begins, so nothing is older than 50 minutes. A timer does it: a night without a single
    form would else keep the last evening's until the morning.
    """

    def __init__(self, lasts_s: float = LASTS_S, at_most: int = AT_MOST) -> None:
        self._lasts_s, self._at_most = lasts_s, at_most
        self._key, self._old_key = b"", b""
        self._buckets: OrderedDict[bytes, Bucket] = OrderedDict()
        self._old: OrderedDict[bytes, Bucket] = OrderedDict()
        self._lock = RLock()

    def bucket(self, name: str, rate: Rate, at: float) -> tuple[Bucket, int]:
        """Return a network's bucket, and how much it took in both generations.

        Args:
            name: What the bucket is for, and the network.
            rate: Of the bucket, if it has to be made.
            at: Seconds, monotonic.
        """
        with self._lock:
            old = self._old.get(_hash(self._old_key, name)) if self._old else None
            found = self._current(name, rate, old, at)
            return found, found.taken + (old.taken if old else 0)

    def turn(self) -> None:
        """Begin a new generation and forget the one before the last."""
        with self._lock:
            self._old, self._old_key = self._buckets, self._key
            self._buckets, self._key = OrderedDict(), b""
            if self._old:
                self._turn_later()

    def __len__(self) -> int:
        with self._lock:
            return len(self._buckets) + len(self._old)

    def _current(self, name: str, rate: Rate, old: Bucket | None, at: float) -> Bucket:
        if not self._key:
            self._key = secrets.token_bytes(32)
            if not self._old:
                self._turn_later()
        hashed = _hash(self._key, name)
        found = self._buckets.get(hashed)
        if found is None:
            found = self._buckets[hashed] = Bucket(*rate)
            if old is not None:
                found.pour(old.left(at), at)
            if len(self._buckets) > self._at_most:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(hashed)
        return found

    def _turn_later(self) -> None:
        timer = Timer(self._lasts_s, self.turn)
        timer.daemon = True
        timer.start()


def _hash(key: bytes, name: str) -> bytes:
    return hmac.digest(key, name.encode(), "sha256")[:16]
