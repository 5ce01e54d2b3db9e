"""Who renders again: a process of its own, started by `work`, which has letters to send meanwhile.

Only a process with one thread shares printing out among all cores; `work` listens in a second one.
"""

import subprocess
import sys
import threading
from collections.abc import Callable

from django.conf import settings

from tamizdat.lib import worker_socket
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.processes import environment
from tamizdat.lib.processes.parent_death import tied
from tamizdat.lib.processes.stopping import stopping
from tamizdat.press.models import Change, RerenderJob

WORD = "rerender"
_children: list["subprocess.Popen[bytes]"] = []


def waits() -> bool:
    """Say whether there is something to do in the background."""
    return RerenderJob.objects.exists() or Change.objects.filter(background=True).exists()


def wake_worker() -> None:
    """Have `work` begin at once, if something waits; if none runs, the next build does it."""
    if waits():
        worker_socket.wake(settings.NEWSROOM, WORD)


def go_on(publish: Callable[[], object]) -> None:
    """Do what waits: here if we have one thread, else by a child; it is not waited for.

    The child ends when this process or the thread that calls us ends.

    Args:
        publish: Publishes and renders again all that waits, in this process.
    """
    _children[:] = [child for child in _children if child.poll() is None]
    if _children or stopping() or not waits():
        return
    if threading.active_count() == 1:
        publish()
        return
    _children.append(_start(settings.NEWSROOM))


def end(within_s: float) -> None:
    """Stop the child, which ends at its next portion; what it leaves still waits in our rows."""
    for child in _children:
        child.terminate()
    for child in _children:
        try:
            child.wait(within_s)
        except subprocess.TimeoutExpired:
            child.kill()


def _start(newsroom: Newsroom) -> "subprocess.Popen[bytes]":
    command = (sys.executable, "-m", "tamizdat.site", "--newsroom", str(newsroom.folder), "build")
    return subprocess.Popen(tied(command), env=environment.of("build"))  # noqa: S603  our own, no shell
