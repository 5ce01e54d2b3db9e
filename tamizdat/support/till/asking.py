"""How often the payment service is asked about one contribution because its page is looked at.

A service takes only so many questions from us a second, for all contributions together: whoever
loads one page again and again must not spend what the others need for paying.
"""

import time
from collections import OrderedDict
from threading import Lock

from tamizdat.readers.counter.bucket import Bucket, Rate

RATE = Rate(30, 15)  # a reader who waits for a bank loads the page some times a minute
AT_MOST = 10_000


class Asking:
    """Counts questions by contribution, in the memory of this process and bounded."""

    def __init__(self, rate: Rate = RATE, at_most: int = AT_MOST) -> None:
        self._rate, self._at_most = rate, at_most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = Lock()

    def may(self, key: str, at: float | None = None) -> bool:
        """Count a question about a contribution, by its key, and say whether it may be asked."""
        with self._lock:
            bucket = self._buckets.setdefault(key, Bucket(*self._rate))
            self._buckets.move_to_end(key)
            if len(self._buckets) > self._at_most:
                self._buckets.popitem(last=False)
        return bucket.take(time.monotonic() if at is None else at)


asking = Asking()
