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


class Descriptors:
    """The descriptors that are held, and those that wait for their end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._leaving: deque[tuple[float, int]] = deque()

    def take(self, descriptor: int) -> int:
        """Hold an open descriptor, and return it.

        Raises:
            BusyError: too many were left of late; this one is closed again.
        """
        if len(self._leaving) >= self._most:
            os.close(descriptor)
            raise BusyError
        self._held += 1
        return descriptor

    def leave(self, descriptor: int) -> None:
        """Stop holding a descriptor; it is closed when nobody can be about to open it."""
        self._held -= 1
        self._leaving.append((time.monotonic() + GRACE_S, descriptor))

    def sweep(self) -> None:
        """Close what has waited long enough."""
        now = time.monotonic()
        while self._leaving and self._leaving[0][0] <= now:
            os.close(self._leaving.popleft()[1])

    @property
    def are_many(self) -> bool:
        """Say whether some must be left."""
        return self._held > self._most
