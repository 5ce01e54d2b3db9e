"""A lock that a file stands for: it ends with the process that holds it, however that ends.

Processes that it forks hold it, too, as long as they live.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

LOOK_EVERY_S = 0.01  # while another one holds the lock


@contextmanager
def lock(at: Path, *, wait: bool, patience: float = 0) -> Iterator[bool]:
    """Hold the lock that a file stands for; yields whether we have it.

    Args:
        at: The file; it is made if it is not there.
        wait: For as long as it takes.
        patience: Seconds to wait otherwise.
    """
    until = time.monotonic() + patience
    with at.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                if time.monotonic() >= until:
                    yield False
                    return
                time.sleep(LOOK_EVERY_S)
                continue
            with suppress(OSError):  # a full disk: nobody needs it but for an alert
                os.utime(at)
            yield True
            return


def taken_at(at: Path) -> datetime | None:
    """Return when a lock was taken last, by whoever holds it now if somebody does."""
    try:
        return datetime.fromtimestamp(at.stat().st_mtime, UTC)
    except OSError:
        return None
