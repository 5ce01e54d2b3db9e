"""Have the servers of counter and desk begin a new process each hour, so that it knows nothing.

Neither Python nor granian overwrites what it lets go of: what came in by a form, an address or the
passphrase of the reader key, may stay in the memory of the process that read it until that ends.
granian lets a new process listen before the old one stops and answers what it was asked (SIGHUP).

First another process checks whether the application can be loaded. While somebody edits the
settings, or an update is half installed, the old process goes on.

The till is left out. It knows no address, and two processes of it would not know of each other
which receipt may still be corrected (`support/till/corrections.py`) and which payment page was
closed (`support/till/closed.py`). The worker is, too: it holds the unlocked reader key.
"""

import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tamizdat.lib.processes.parent_death import tied
from tamizdat.site.saying import say

RECYCLED = ("counter", "desk")
EVERY_S = 3600.0
CHECK_S = 120.0  # the longest that a check may take; on a busy machine it takes ten
APART = 0.1  # of that, more or less: two servers should not take their memory twice at one time
CHECK = (sys.executable, "-c", "import tamizdat.site.entry.app")
Process = subprocess.Popen[bytes]


@dataclass
class Recycler:
    """Has one server begin a new process now and then. Times are in seconds, monotonic."""

    role: str
    environment: Mapping[str, str]
    check: Process | None = None
    _server: Process | None = None
    _next: float = 0.0
    _check_until: float = 0.0

    def look(self, server: Process, at: float) -> None:
        """Do what is due now, without waiting for anything."""
        if server is not self._server:  # it was started a moment ago
            self._server, self._next = server, _an_hour_after(at)
        elif self.check is not None:
            self._look_at_check(server, at)
        elif at >= self._next:
            self._next, self._check_until = _an_hour_after(at), at + CHECK_S
            self.check = subprocess.Popen(tied(CHECK), env=self.environment)  # noqa: S603  our own module, no shell

    def end(self) -> None:
        """End the check, if one goes on."""
        if self.check is not None:
            self.check.kill()
            self.check.wait()
            self.check = None

    def _look_at_check(self, server: Process, at: float) -> None:
        assert self.check is not None
        code = self.check.poll()
        if code is None and at < self._check_until:
            return
        self.end()
        if code == 0:
            server.send_signal(signal.SIGHUP)
            return
        why = (
            f"the check of its program did not end within {CHECK_S:.0f} seconds"
            if code is None
            else "the reason stands above"
        )
        say(
            f"{self.role} goes on as it is. It could not be started anew; {why}. "
            "It is tried again in an hour.",
            err=True,
        )


def _an_hour_after(at: float) -> float:
    return at + EVERY_S * random.uniform(1 - APART, 1 + APART)  # noqa: S311  nothing secret
