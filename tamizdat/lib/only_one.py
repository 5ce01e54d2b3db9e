"""One process of a kind in a newsroom: a lock file that is held for a process's life.

The system lets go of the lock when the process dies, however it dies, so a file that lies there
means nothing. It is a lock between processes of one machine.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlreadyError(_pid_in(handle)) from None
        _write_pid(handle)
        yield
    finally:
        os.close(handle)


def _pid_in(handle: int) -> int:
    said = os.pread(handle, 20, 0)
    return int(said) if said.strip().isdigit() else 0


def _write_pid(handle: int) -> None:
    """Say who we are. A full disk keeps nobody from working."""
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except OSError:
        return
