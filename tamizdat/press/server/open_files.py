"""Open files that the server sends from the disk, and when they may be closed.

granian opens a file by its name, a moment after we have said its length and ETag. By then a
publication may have put another file under that name. So we open the file ourselves and name it
by our descriptor (`/proc/self/fd/N`), which is the same file whatever is renamed.
"""

import os
import time
from collections import deque

GRACE_S = 30.0  # granian opens within milliseconds; the number must not name another file before


class BusyError(Exception):
    """As many files are open as may be; try again in a moment."""


class OpenFiles:
    """The descriptors that are held, and those that wait for their end.

    Only what was handed to granian of late has to wait. So nobody fills the line with questions
    that bring no bytes, such as HEAD.
    """

    def __init__(self, most_held: int, most_waiting: int) -> None:
        self._most_held, self._most_waiting = most_held, most_waiting
        self._held = 0
        self._waiting: deque[tuple[float, int]] = deque()

    def hold(self, descriptor: int) -> int:
        """Hold an open descriptor, and return it.

        Raises:
            BusyError: too many wait for their end; this one is closed again.
        """
        if len(self._waiting) >= self._most_waiting:
            os.close(descriptor)
            raise BusyError
        self._held += 1
        return descriptor

    def release(self, descriptor: int, handed: float) -> None:
        """Stop holding a descriptor; it is closed when nobody can be about to open it.

        Args:
            descriptor: One that was taken.
            handed: When granian was told of it last, by `time.monotonic`.
        """
        self._held -= 1
        if handed + GRACE_S <= time.monotonic():
            os.close(descriptor)
        else:
            self._waiting.append((handed + GRACE_S, descriptor))

    def sweep(self) -> None:
        """Close what has waited long enough."""
        now = time.monotonic()
        while self._waiting and self._waiting[0][0] <= now:
            os.close(self._waiting.popleft()[1])

    @property
    def are_many(self) -> bool:
        """Say whether some must be left."""
        return self._held > self._most_held
