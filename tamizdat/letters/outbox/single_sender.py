"""One sender on a machine at a time, and by which name it takes letters.

Two newsrooms may run on machines of one name, as containers do. So a process takes letters by a
random name of its own, and leaves that name in the lock's file for the one that comes after it.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname

from tamizdat.lib.filelock import lock

LONGEST = 128  # bytes of a name
_NAME = secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Turn:
    """Our turn to send: we are `name`, and `before` was who sent last on this machine.

    While it is our turn neither of them sends elsewhere. So whatever they took and did not
    settle is left from a crash, or from a round that failed.
    """

    name: str
    before: str
    _lock: int

    def note(self) -> None:
        """Leave our name to whoever comes next, once nothing of `before` is left.

        If the disk is full nobody learns it: then what we leave is found by its age.
        """
        with contextlib.suppress(OSError):
            os.pwrite(self._lock, self.name.encode().ljust(LONGEST), 0)


@contextmanager
def single_sender(data: Path) -> Iterator[Turn | None]:
    """Give a turn for a block; None if another process of this machine sends.

    The system lets go of the lock when a process dies, however it dies.
    """
    with lock(data / "sending.lock") as held:
        if held is None:
            yield None
            return
        before = os.pread(held, LONGEST, 0).decode("utf-8", "replace").strip()
        yield Turn(name(), before, held)


def name() -> str:
    """Return the name by which this process takes letters: no other process has it.

    The machine's name is for whoever looks into the database. A fork has a name of its own.
    """
    return f"{gethostname()[:80]} {os.getpid()} {_NAME}"
