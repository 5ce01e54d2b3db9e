"""Stop between two rows, not inside one: what a process does that was told to stop.

A signal only sets a mark. Long loops look at it before each row (`until_stopped`), and what may be
dropped in the middle, because nothing of it is kept yet, asks `check`. A process that is still
there eight seconds later is ended by the system: rows and journals bear that, as they bear a kill.

A process that never calls `listen` is never told: for it all of this does nothing.
"""

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import TypeVar

GRACE_S = 8.0  # together with what whoever stops us does, less than ten
SIGNALS = (signal.SIGTERM, signal.SIGINT)
T = TypeVar("T")

_told = threading.Event()
_listens, _grace_s = False, GRACE_S


class Stopped(KeyboardInterrupt):
    """This process was told to stop, and drops what it is doing."""


def listen(grace_s: float = GRACE_S) -> None:
    """Have SIGTERM and SIGINT stop this process softly. The second one ends it at once.

    Call it in the main thread. What a process forks is not told: whoever forked it ends it.

    Args:
        grace_s: Seconds after which the system ends a process that is still there.
    """
    global _listens, _grace_s
    _listens, _grace_s = True, grace_s
    for each in SIGNALS:
        signal.signal(each, _hear)


def stopping() -> bool:
    """Say whether this process was told to stop. It costs nothing."""
    return _told.is_set()


def wait(seconds: float) -> bool:
    """Wait so long, or until told to stop; say whether we were."""
    return _told.wait(seconds)


def until_stopped(rows: Iterable[T]) -> Iterator[T]:
    """Yield rows until this process is told to stop."""
    for row in rows:
        if _told.is_set():
            return
        yield row


def check() -> None:
    """Drop what we are doing if we were told to stop: call it where nothing is half done.

    Raises:
        Stopped: we were.
    """
    if _told.is_set():
        raise Stopped


def _hear(_signal: int, _frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends us even while no Python runs
    signal.setitimer(signal.ITIMER_REAL, _grace_s)
    _told.set()


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def _let_signals_come() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _begin_anew() -> None:
    """Be a child that nobody told anything: it would outlive a pool that ends it by SIGTERM."""
    global _listens, _told
    if _listens:
        _listens, _told = False, threading.Event()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: our parent hears it, too
    _let_signals_come()


# A signal that comes between a fork and its handlers would be lost.
os.register_at_fork(
    before=_hold_signals, after_in_parent=_let_signals_come, after_in_child=_begin_anew
)
