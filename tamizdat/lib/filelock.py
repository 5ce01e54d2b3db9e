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
def lock(at: Path, *, wait: bool = False, patience: float = 0) -> Iterator[int | None]:
    """Hold the lock that a file stands for; yields the file's descriptor, None if another has it.

    What is in the file is for whoever holds the lock: a name, a number, or nothing.

    Args:
        at: The file; it is made for its owner's eyes if it is not there.
        wait: For as long as it takes.
        patience: Seconds to wait otherwise.

    Raises:
        OSError: the file cannot be made or locked.
    """
    until = time.monotonic() + patience
    file = os.open(at, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _is_ours(file, wait=wait):
            if time.monotonic() >= until:
                yield None
                return
            time.sleep(LOOK_EVERY_S)
        with suppress(OSError):  # a full disk: nobody needs it but for an alert
            os.utime(file)
        yield file
    finally:
        os.close(file)


def _is_ours(file: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def taken_at(at: Path) -> datetime | None:
    """Return when a lock was taken last, by whoever holds it now if somebody does."""
    try:
        return datetime.fromtimestamp(at.stat().st_mtime, UTC)
    except OSError:
        return None
