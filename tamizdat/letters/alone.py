"""One sender on a machine at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(data: Path) -> Iterator[bool]:
    """Say for a block whether we are the only process of this machine that sends.

    The system lets go of the lock when a process dies, however it dies. So whoever holds it knows
    that letters which this machine took and did not settle are left from a crash.
    """
    with (data / "sending.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
