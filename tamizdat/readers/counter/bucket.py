"""A bucket of tokens: how many forms without a stamp the counter takes in a minute.

Readers without JavaScript have no stamp. They share one small bucket, because telling them
apart would mean to keep their network addresses.
"""

from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Bucket:
    """Holds `most` tokens and gains `a_minute` of them each minute. For one process."""

    most: float
    a_minute: float
    _tokens: float = field(init=False)
    _at: float = field(init=False, default=0.0)
    _lock: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        self._tokens = self.most

    def take(self, at: float) -> bool:
        """Take one token and return True, or False if none is left. `at` in seconds, monotonic."""
        with self._lock:
            gained = max(at - self._at, 0) * self.a_minute / 60
            self._tokens, self._at = min(self._tokens + gained, self.most), at
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
