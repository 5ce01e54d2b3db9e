"""Keep processes running: whoever falls is begun again, and stops no other.

Falls are counted within half an hour. The pauses before a new start grow with them, from a second
to a minute; a process that keeps falling raises an alert and is tried again for ever. All of them
end with us, however we end (`lib/processes/parent_death.py`).
"""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tamizdat.lib import alerts, clock
from tamizdat.lib.alerts import Alert, clear, raise_alert
from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom, NewsroomError
from tamizdat.lib.processes import last_words, stopping
from tamizdat.lib.processes.notify import notify, watchdog_s
from tamizdat.lib.processes.only_one import RunsAlreadyError, only_one
from tamizdat.lib.processes.parent_death import tied
from tamizdat.site.processes.probe import Probe
from tamizdat.site.processes.recycling import RECYCLED, Recycler
from tamizdat.site.processes.serving import Process
from tamizdat.site.saying import say

LOOK_EVERY_S = 0.2
ALERTS_EVERY_S = 10.0  # what could not be kept or taken back
WINDOW_S = 1800.0  # within which falls are counted
STEADY_LEAST_S, STEADY_MOST_S = 20.0, 300.0  # who has been up for so long is well
LONG_S = 600.0  # of what ends by itself
LONGEST_PAUSE_S = 60.0
READY_WITHIN_S = 60.0  # after which we are ready with those that answer
PORT_WITHIN_S = 3.0  # what was killed a moment ago may still have it
STOP_WITHIN_S = 9.0
DIES_WITHIN_S = 0.5  # of a signal that nothing can catch

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fall:
    """When a process fell, and for how long it had run, in seconds."""

    at: float
    ran: float


class Kept:
    """One process that is kept running."""

    def __init__(self, process: Process, newsroom: Newsroom) -> None:
        self.process = process
        self.is_done = False  # it runs once, and has
        self._newsroom = newsroom
        self._begin_at = 0.0
        self._begun_at = 0.0
        self._is_steady = False
        self._falls: list[Fall] = []
        self._running: subprocess.Popen[bytes] | None = None
        self._ear: last_words.Ear | None = None
        self._probe: Probe | None = None
        recycled = process.name in RECYCLED
        self._recycler = Recycler(process.name, process.environment) if recycled else None

    @property
    def answers(self) -> bool:
        """Whether it answered when it was asked last."""
        return self._probe is not None and self._probe.answers

    def look(self, now: float, at: datetime) -> None:
        """Begin it, or see how it is."""
        if self.is_done or (self._running is None and now < self._begin_at):
            return
        if self._running is None:
            self._begin(now, at)
        elif (code := self._running.poll()) == 0 and self.process.once:
            self.is_done = True
            self.forget()
        elif code is not None:
            self._fall(now, at, _how(code))
        elif self._probe and self._probe.hangs(now):
            self._fall(now, at, "It did not answer any more.")
        else:
            self._look_how_long(now, at)

    def _look_how_long(self, now: float, at: datetime) -> None:
        """See how long it has been running: what ends by itself should, all else should not."""
        if self.process.once and now - self._begun_at >= LONG_S:
            self._raise(at, "It has been running for more than ten minutes.")
        if self.answers and not self._is_steady and now - self._begun_at >= self._steady_after():
            self._is_steady = True
            self.forget()
        if self._recycler and self._running:
            self._recycler.look(self._running, now)

    def _steady_after(self) -> float:
        """Return after how many seconds it is well again: twice as long as it ran between falls.

        How long it ran before the first of them says nothing of how soon it may fall again.
        """
        longest = max((fall.ran for fall in self._falls[1:]), default=0.0)
        return min(max(STEADY_LEAST_S, 2 * longest), STEADY_MOST_S)

    def terminate(self) -> None:
        """Ask it to stop."""
        if self._running is not None:
            self._running.terminate()

    def end(self, within_s: float) -> None:
        """Wait until it has stopped, and end what is left of it and of what it began."""
        if self._probe is not None:
            self._probe.end()
        if self._recycler is not None:
            self._recycler.end()
        if self._running is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(within_s)
            _end_group(self._running)
            try:
                self._running.wait(DIES_WITHIN_S)
            except subprocess.TimeoutExpired:  # a disk that hangs: all others are looked after
                logger.warning("%s was killed and has not ended yet", self.process.name)
        if self._ear is not None:
            self._ear.end()
        self._running = self._probe = self._ear = None

    def _begin(self, now: float, at: datetime) -> None:
        self._begun_at, self._is_steady = now, False
        try:
            _refuse_taken(self.process)
            self._running = self._started()
        except (OSError, NewsroomError) as error:
            why = str(error) if isinstance(error, NewsroomError) else _cause(error)
            self._fall(now, at, why)
            return
        self._probe = None if self.process.once else Probe(self.process, self._newsroom)

    def _started(self) -> "subprocess.Popen[bytes]":
        self._ear = ear = last_words.Ear()
        try:
            return subprocess.Popen(  # noqa: S603  our own module, no shell
                tied(self.process.command),
                env={**self.process.environment, **ear.variables},
                start_new_session=True,
                pass_fds=(ear.number,),
            )
        finally:
            ear.begin()

    def _fall(self, now: float, at: datetime, why: str) -> None:
        """Note a fall, and when to begin again. What it said itself is the better reason."""
        if self._ear is not None:
            why, self._ear = self._ear.end() or why, None
        self.end(within_s=0)  # its workers still have the port
        recent = (fall for fall in self._falls if now - fall.at < WINDOW_S)
        self._falls = [*recent, Fall(now, now - self._begun_at)]
        pause = min(2.0 ** (len(self._falls) - 1), LONGEST_PAUSE_S)
        self._begin_at = now + pause
        if len(self._falls) >= self.process.told_after:
            self._raise(at, why)
        say(f"{self.process.name} stopped. {why} Restarting in {pause:.0f} s.", err=True)

    def _raise(self, at: datetime, why: str) -> None:
        do = (
            "The log of `tamizdat serve` says more. It is tried again at least once a minute; "
            "everything else that runs goes on."
        )
        raise_alert(self._newsroom.data, Alert(self._key, self.process.fails, why, do), at)

    def forget(self) -> None:
        """Take the alert back: it is well, or nobody tries it again any more."""
        clear(self._newsroom.data, self._key)

    @property
    def _key(self) -> str:
        return f"process-{self.process.name}"


class Supervisor:
    """Keeps all processes of a newsroom running until told to stop."""

    def __init__(
        self, processes: Sequence[Process], newsroom: Newsroom, ready: Callable[[], None]
    ) -> None:
        self._all = [Kept(process, newsroom) for process in processes]
        self._servers = [kept for kept in self._all if kept.process.port]
        self._ready: Callable[[], None] | None = ready
        self._begun = time.monotonic()
        self._watchdog_s = watchdog_s()
        self._alive_at = self._tried_at = 0.0
        self._status = ""

    def run(self) -> None:
        """Keep them running until told to stop, then end them all within nine seconds."""
        try:
            while not stopping.wait(LOOK_EVERY_S):
                now, at = time.monotonic(), clock.now()
                for kept in self._all:
                    _look(kept, now, at)
                if now - self._tried_at >= ALERTS_EVERY_S:
                    self._tried_at = now
                    alerts.again()
                self._tell(now)
        finally:
            notify("STOPPING=1")
            self._end()

    def _tell(self, now: float) -> None:
        """Tell whoever started us that we are ready and alive."""
        open_to = [kept for kept in self._servers if kept.answers]
        late = now - self._begun >= READY_WITHIN_S
        if self._ready and (len(open_to) == len(self._servers) or late):
            self._ready()
            self._ready = None
            notify("READY=1")
        if not self._ready:
            self._tell_status([one.process.name for one in self._all if not _is_well(one)])
        # Who falls is our affair. We are killed only where none is left that we could help.
        alive = open_to or not self._servers
        if self._watchdog_s and alive and now - self._alive_at >= self._watchdog_s / 4:
            self._alive_at = now
            notify("WATCHDOG=1")

    def _tell_status(self, unwell: Sequence[str]) -> None:
        status = f"Not up: {', '.join(unwell)}." if unwell else "All is up."
        if status != self._status:
            self._status = status
            notify(f"STATUS={status}")

    def _end(self) -> None:
        until = time.monotonic() + STOP_WITHIN_S
        for kept in self._all:
            kept.terminate()
        for kept in self._all:
            kept.end(max(0.0, until - time.monotonic()))
            kept.forget()


def watch(
    processes: Sequence[Process], newsroom: Newsroom, ready: Callable[[], None] = lambda: None
) -> int:
    """Run all processes until told to stop, and return 0.

    `ready` is called once, when every server answers, or after a minute.

    Raises:
        NewsroomError: another `tamizdat serve` serves one of these roles, or no server can have
            its port.
    """
    with contextlib.ExitStack() as locks:
        for process in processes:
            if process.port and newsroom.data.is_dir():
                _be_the_only_one(locks, newsroom.data, process.name)
        _refuse_if_all_are_taken([process for process in processes if process.port])
        stopping.listen(grace_s=STOP_WITHIN_S + 0.8)
        Supervisor(processes, newsroom, ready).run()
    return 0


def _look(kept: Kept, now: float, at: datetime) -> None:
    try:
        kept.look(now, at)
    except Exception as error:  # noqa: BLE001  a fault of ours with one must not stop the others
        logger.warning("%s could not be looked after: %s", kept.process.name, where(error))


def _is_well(kept: Kept) -> bool:
    return kept.is_done or kept.answers


def _be_the_only_one(locks: contextlib.ExitStack, data: Path, role: str) -> None:
    try:
        locks.enter_context(only_one(data / f"serve-{role}.lock"))
    except RunsAlreadyError as error:
        raise NewsroomError(
            f"`tamizdat serve` serves the {role} of this newsroom already ({error}). "
            "Stop that one first, or name other roles with --role."
        ) from None
    except OSError as error:  # a full or read-only disk keeps nobody from serving what is there
        logger.warning("No lock could be taken for the %s: %s", role, where(error))


def _refuse_if_all_are_taken(servers: Sequence[Process]) -> None:
    """Refuse to begin where no port is free. One that is taken is only one that has fallen."""
    until = time.monotonic() + PORT_WITHIN_S
    while servers:
        refusals = [error for error in map(_taken, servers) if error]
        if len(refusals) < len(servers):
            return
        if time.monotonic() >= until:
            raise refusals[0]
        time.sleep(LOOK_EVERY_S)


def _taken(process: Process) -> NewsroomError | None:
    try:
        _refuse_taken(process)
    except NewsroomError as error:
        return error
    return None


def _refuse_taken(process: Process) -> None:
    """Refuse a port on which somebody listens: granian would share it, reader by reader."""
    if not process.port:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((process.host, process.port))
        except OSError as error:
            raise NewsroomError(
                f"The {process.name} cannot listen on port {process.port} of {process.host}: "
                f"{error.strerror}. Stop what listens there, or name another port."
            ) from error


def _how(code: int) -> str:
    if code < 0:
        return f"It was ended by signal {-code} ({signal.strsignal(-code) or 'unknown'})."
    return f"It ended with exit code {code}."


def _cause(error: OSError) -> str:
    """Return why a process could not be begun: which file, and what the system says of it."""
    named = f"{error.filename}: {error.strerror}. " if error.filename and error.strerror else ""
    return f"{named}{where(error)}."


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of a process's group; each of ours leads one."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
