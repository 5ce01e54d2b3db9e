"""A bucket of tokens: a rate limiter that lets a burst through and then so many a minute."""

from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple


class Rate(NamedTuple):
    """How much a bucket holds, and how much it gains in a minute."""

    most: float
    a_minute: float


@dataclass(slots=True)
class Bucket:
    """Holds `most` tokens and gains `a_minute` of them each minute. For one process.

    Times are seconds of a clock that only goes forward (`time.monotonic`).
    """

    most: float
    a_minute: float
    taken: int = field(init=False, default=0)
    _tokens: float = field(init=False)
    _at: float = field(init=False, default=0.0)
    _lock: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        self._tokens = self.most

    def left(self, at: float) -> float:
        """Return how many tokens there are."""
        with self._lock:
            return self._fill(at)

    def take(self, at: float) -> bool:
        """Take one token and return True, or False if none is left."""
        with self._lock:
            if self._fill(at) < 1:
                return False
            self._tokens -= 1
            self.taken += 1
            return True

    def pour(self, tokens: float, at: float) -> None:
        """Set the number of tokens: where a new bucket goes on for an old one."""
        with self._lock:
            self._tokens, self._at = min(tokens, self.most), at

    def _fill(self, at: float) -> float:
        gained = max(at - self._at, 0) * self.a_minute / 60
        self._tokens, self._at = min(self._tokens + gained, self.most), at
        return self._tokens
