"""Processes that end when the one that started them ends, however that ends.

Linux can send a process a signal at the death of its parent. It is the death of the *thread* that
started it: start such processes in threads that live as long as what they started.

`python -m tamizdat.lib.processes.parent_death PID COMMAND…` is a command that ends with
process PID.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tied(command: Sequence[str]) -> list[str]:
    """Return a command that runs another one, which ends (SIGKILL) when this process does."""
    return [sys.executable, "-m", "tamizdat.lib.processes.parent_death", str(os.getpid()), *command]


def end_with(parent: int) -> None:
    """End this process when its parent ends; at once if that is no longer process `parent`."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def end_with_parent() -> None:
    """End this process with its parent, if `multiprocessing` made it, as it makes granian's."""
    if (parent := multiprocessing.parent_process()) is not None and parent.pid is not None:
        end_with(parent.pid)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  no shell; our own command
