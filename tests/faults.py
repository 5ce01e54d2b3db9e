"""Faults at any step of what a process does; the steps are found while it does it.

A step is a statement of SQL or a commit, a file that is opened, made, moved, linked or removed
in the newsroom's folder, a connection to another machine, and each call of a function of ours.
It is named by its room, its kind and the way to it through our code, so a new step is tried
without anybody adding it. What catches failures (lib/alerts, lib/failures, site/working) cannot
catch its own: calls there are no steps; the files that it writes are.
"""

import errno
import os
import re
import signal
import socket
import sqlite3
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

from tamizdat.lib.failures import OURS

EXCEPTION, TIME_OUT, KILL = "exception", "time-out", "kill"
CONNECTION, FULL_DISK = "lost connection", "full disk"
FAULTS = (EXCEPTION, TIME_OUT, KILL, CONNECTION, FULL_DISK)
SQL, FILE, LINE, CALL = "sql", "file", "line", "call"  # kinds of steps
WRITES, READS = "writes", "reads"
# Which kind of step can meet which fault.
MEETS = {
    EXCEPTION: (SQL, FILE, LINE, CALL),
    TIME_OUT: (SQL, FILE, LINE),
    KILL: (SQL, FILE, LINE, CALL),
    CONNECTION: (SQL,),
    FULL_DISK: (SQL, FILE),
}
SECRET = "a secret"
_CATCHERS = (
    "lib/alerts.py",
    "lib/failures.py",
    "lib/processes/stopping.py",
    "site/processes/working.py",
)
_WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|COMMIT|SAVEPOINT|VACUUM|CREATE)", re.IGNORECASE)
_TABLE = re.compile(r'(?:FROM|INTO|UPDATE) "?(\w+)', re.IGNORECASE)
FAR = 3  # so many functions of ours name a way
_NUMBERS = {EXCEPTION: errno.EIO, TIME_OUT: errno.ETIMEDOUT, FULL_DISK: errno.ENOSPC}
_MADE = ("os.mkdir", "os.rename", "os.link", "os.symlink")
_GONE = ("os.remove", "os.rmdir", "os.truncate")


@dataclass(frozen=True, slots=True)
class Step:
    """A step: in which room, of which kind, whether it writes, what, and the way to it."""

    room: str
    kind: str
    does: str
    what: str  # "UPDATE letters_letter", "os.rename"; a call says all by its way
    way: str

    def meets(self, fault):
        """Say whether this fault can happen there."""
        return self.kind in MEETS[fault] and (fault != FULL_DISK or self.does == WRITES)


@dataclass(frozen=True, slots=True)
class Blow:
    """A fault, the step that it meets, and at the how manieth time that the step is passed."""

    fault: str
    step: Step
    passage: int = 1


class Watch:
    """Sees each step of this process, counts it, and has a fault happen at one of them."""

    def __init__(self, newsroom, blow=None, *, calls=False):
        self.passed, self.room = Counter(), ""
        self.struck = self.noticed = False  # the second: `work` watches its databases
        self._blow, self._folder = blow, f"{newsroom.folder}/"
        self._left = blow.passage if blow else 0
        self._looks = self._is_on = False
        self._calls = blow.step.kind == CALL if blow else calls

    @contextmanager
    def over(self):
        """Watch for the time of a block."""
        from django.db import connections
        from django.db.backends.base.base import BaseDatabaseWrapper

        from tamizdat.site.databases import database_watch

        sys.addaudithook(self._hear)
        for connection in connections.all():
            connection.execute_wrappers.append(self._execute)
        commit = BaseDatabaseWrapper._commit
        BaseDatabaseWrapper._commit = self._committing(commit)
        notice, database_watch.notice = database_watch.notice, self._notice
        self._is_on = True
        if self._calls:
            sys.setprofile(self._called)
        try:
            yield self
        finally:
            sys.setprofile(None)
            self._is_on = False
            BaseDatabaseWrapper._commit = commit
            database_watch.notice = notice
            for connection in connections.all():
                connection.execute_wrappers.remove(self._execute)

    @contextmanager
    def away(self):
        """Do not look for the time of a block."""
        looks, self._looks = self._looks, True
        try:
            yield
        finally:
            self._looks = looks

    def _pass(self, kind, what="", does=READS):
        """Count a step; return the fault that happens there."""
        if self._looks or not self._is_on:
            return None
        with self.away():
            if not (way := _way()):
                return None
            step = Step(self.room, kind, does, what, way)
            self.passed[step] += 1
            return self._due(step)

    def _due(self, step):
        blow = self._blow
        if blow is None:
            return None
        if self.struck:  # a disk stays full until somebody makes room
            return blow.fault if blow.fault == FULL_DISK and step.meets(FULL_DISK) else None
        if step != blow.step:
            return None
        self._left -= 1
        if self._left:
            return None
        self.struck = True
        if blow.fault == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        return blow.fault

    def _notice(self, *_about):
        self.noticed = True

    def _execute(self, execute, sql, params, many, context):
        connection = context["connection"]
        does = WRITES if _WRITING.match(str(sql)) else READS
        self._fail_database(connection, self._pass(SQL, _named(str(sql)), does))
        return execute(sql, params, many, context)

    def _committing(self, commit):
        def committing(connection):
            self._fail_database(connection, self._pass(SQL, "COMMIT", WRITES))
            return commit(connection)

        return committing

    def _fail_database(self, connection, fault):
        if fault == EXCEPTION:
            raise RuntimeError(SECRET)
        if fault == CONNECTION and connection.vendor == "postgresql":
            _end_back_end(connection)  # what comes next meets it
        elif fault:
            with connection.wrap_database_errors:
                error = _ERRORS[connection.vendor][fault]()
                raise error

    def _hear(self, event, given):
        if not self._is_on or self._looks:
            return
        if event == "socket.connect" and given[0].family != socket.AF_UNIX:
            _fail_outside(self._pass(LINE, event))
        elif event == "open" and self._is_ours(given[0]):
            writes = given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            _fail_outside(self._pass(FILE, event, WRITES if writes else READS))
        elif event in _MADE and self._is_ours(given[0]):
            _fail_outside(self._pass(FILE, event, WRITES))
        elif event in _GONE and self._is_ours(given[0]):
            _fail_outside(self._pass(FILE, event))

    def _is_ours(self, path):
        if isinstance(path, (str, bytes, os.PathLike)):
            return os.fsdecode(path).startswith(self._folder)
        return False

    def _called(self, frame, event, _given):
        if event != "call" or self._looks or not _is_step(frame.f_code):
            return
        if self._blow and not self._blow.step.way.startswith(_place(frame.f_code)):
            return
        if self._pass(CALL) == EXCEPTION:
            raise RuntimeError(SECRET)


def _is_step(code):
    place = code.co_filename
    return (
        place.startswith(OURS)
        and code.co_name[0] != "<"
        and not place.endswith(_CATCHERS)
        and "/tests/" not in place
    )


def _way():
    """Return the way through our code, innermost place first; "" where none of it is ours."""
    passed, frame = [], sys._getframe(2)
    while frame is not None and len(passed) < FAR:
        code = frame.f_code
        if code.co_filename.startswith(OURS) and code.co_name[0] != "<":
            passed.append(_place(code))
        frame = frame.f_back
    return " < ".join(dict.fromkeys(passed))


def _place(code):
    return f"{code.co_filename[len(OURS) :]}:{code.co_name}"


def _named(sql):
    """Return what a statement is without what it asks for: its verb and its first table."""
    verb = sql.split(maxsplit=1)[0].upper()
    table = _TABLE.search(sql)
    return f"{verb} {table[1]}" if table else verb


def _fail_outside(fault):
    """Have a file or a line fail: the system says why by a number."""
    if fault:
        raise OSError(_NUMBERS[fault], os.strerror(_NUMBERS[fault]), SECRET)


def _end_back_end(connection):
    """End our own back end at the server, as a restart or a network does."""
    import psycopg

    number = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])


def _of_sqlite(code, said):
    def error():
        made = sqlite3.OperationalError(said)
        made.sqlite_errorcode = code
        return made

    return error


def _of_postgresql(name):
    def error():
        from psycopg import errors

        return getattr(errors, name)(SECRET)

    return error


_ERRORS = {
    "sqlite": {
        TIME_OUT: _of_sqlite(sqlite3.SQLITE_BUSY, "database is locked"),
        CONNECTION: _of_sqlite(sqlite3.SQLITE_IOERR, "disk I/O error"),
        FULL_DISK: _of_sqlite(sqlite3.SQLITE_FULL, "database or disk is full"),
    },
    "postgresql": {
        TIME_OUT: _of_postgresql("QueryCanceled"),
        FULL_DISK: _of_postgresql("DiskFull"),
    },
}
