"""One process of a kind in a newsroom: a lock file that is held for a process's life.

The system lets go of the lock when the process dies, however it dies, so a file that lies there
means nothing. It is a lock between processes of one machine.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tamizdat.lib.filelock import lock


class RunsAlreadyError(Exception):
    """Another process has the lock. `pid` is its number, 0 where it could not write it down."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"process {pid}" if pid else "another process")
        self.pid = pid


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Be the only process for which this file stands.

    Raises:
        RunsAlreadyError: another one is.
        OSError: the file cannot be made or locked.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock(file) as held:
        if held is None:
            raise RunsAlreadyError(_pid_in(file))
        with suppress(OSError):  # a full disk keeps nobody from working
            os.ftruncate(held, 0)
            os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
        yield


def _pid_in(file: Path) -> int:
    said = file.read_bytes()[:20]
    return int(said) if said.strip().isdigit() else 0
