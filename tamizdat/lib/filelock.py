"""A lock that a file stands for: it ends with the process that holds it, however that ends.

Processes that it forks hold it, too, as long as they live.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
            yield True
            return
