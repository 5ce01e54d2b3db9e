"""A connection to PostgreSQL that gives up on a server that does not answer.

A server that is stopped (SIGSTOP, a full disk array, a paused virtual machine) keeps its sockets
open: its kernel goes on acknowledging what we send, so `tcp_user_timeout` and keepalives see
nothing wrong, on a unix socket they do not exist, and `statement_timeout` runs in the server that
is stopped. libpq then waits for ever. So we count the silence on our side. A long question looks
the same as a stopped server; what tells them apart is that a server at work still lets a new
connection in.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NoReturn, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen

RV = TypeVar("RV")
INTERVAL_S = 0.1  # psycopg's own: how soon it sees a signal


class SilentError(psycopg.OperationalError):
    """The server did not answer in time. What was asked may still be done when it wakes up."""


@dataclass(slots=True)
class Door:
    """The way to one server, for all threads of a process.

    Where the server did not answer, one thread tries again and the others are refused at once:
    they have other things to do, and readers that wait for them.
    """

    silent: bool = False
    _trying: Lock = field(default_factory=Lock)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Connect in this block.

        Raises:
            SilentError: the server was silent, and another thread tries at this moment.
        """
        if not self.silent:
            with self._watched():
                yield
            return
        if not self._trying.acquire(blocking=False):
            raise SilentError("the server does not answer; another thread waits for it")
        try:
            with self._watched():
                yield
        finally:
            self._trying.release()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except errors.ConnectionTimeout:
            self.silent = True
            raise
        self.silent = False


class PatientConnection(psycopg.Connection[Any]):
    """Waits `patience_s` seconds for an answer, and then only for a server that lives.

    `lives` says whether the server still does; None to give up without asking.
    """

    patience_s = 5.0
    lives: Callable[[], bool] | None = None
    door: Door | None = None

    def wait(
        self, gen: PQGen[RV], interval: float = INTERVAL_S, timeout: float | None = None
    ) -> RV:
        """Return what the server answers.

        Raises:
            SilentError: it did not answer; the connection is closed.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        while True:
            try:
                return super().wait(gen, interval, self.patience_s)
            except errors._WaitTimeout:  # noqa: SLF001  what `wait` is documented to raise
                if self.lives is None or not self.lives():
                    self._give_up()

    def _give_up(self) -> NoReturn:
        self.pgconn.finish()
        if self.door:
            self.door.silent = True
        raise SilentError("the server does not answer")

    @contextmanager
    def hurried(self, patience_s: float) -> Iterator[None]:
        """Wait no longer than this in a block, and do not ask whether the server lives."""
        before = self.patience_s, self.lives
        self.patience_s, self.lives = patience_s, None
        try:
            yield
        finally:
            self.patience_s, self.lives = before
