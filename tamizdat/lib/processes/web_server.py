"""granian, whose workers can be stopped from their first moment on.

`python -m tamizdat.lib.processes.web_server` takes granian's own options. Begin every server so.

granian sets its handlers of signals and then forks its worker, which inherits them. There they set
a mark that nobody looks at, until the application is loaded and the worker sets handlers of its
own. granian asks it once to stop, and waits. So whoever stopped a server within its first second
waited until it was killed, or for ever. Here a worker begins without handlers: a signal ends it.
"""

import os
import signal
import sys

COMMAND = (sys.executable, "-m", "tamizdat.lib.processes.web_server")
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def _let_signals_come() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _begin_without_handlers() -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    _let_signals_come()


if __name__ == "__main__":
    from granian.cli import entrypoint

    # A signal that came between the fork and the line that forgets the handlers would be lost.
    os.register_at_fork(
        before=_hold_signals,
        after_in_parent=_let_signals_come,
        after_in_child=_begin_without_handlers,
    )
    entrypoint()  # type: ignore[no-untyped-call]
