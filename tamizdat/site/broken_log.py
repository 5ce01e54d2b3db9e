"""What a log says when something breaks: where in the program, and never with what.

A database, a relay or a payment service quotes in its errors the values that it was given.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from copy import copy
from types import TracebackType

from tamizdat.lib.failures import kind, where

BROKEN = logging.getLogger("tamizdat.broken")

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class WhereNotWhat(logging.Formatter):
    """Leaves out the words of every error, whether it is the record's own or named in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and below it the places that its error passed."""
        ours = copy(record)
        ours.exc_text = None  # another formatter may have left the words there
        ours.msg = _nameless(record.msg)
        if isinstance(record.args, tuple):
            ours.args = tuple(map(_nameless, record.args))
        elif isinstance(record.args, Mapping):
            ours.args = {name: _nameless(each) for name, each in record.args.items()}
        return super().format(ours)

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802  the library's name
        """Return the places that the error passed, outermost first, and its kind."""
        _, error, passed = ei
        if error is None:
            return ""
        return "".join(traceback.format_tb(passed)) + kind(error)


def say_where_not_what() -> None:
    """From now on what nobody caught, in a thread or at all, is told without its words."""
    sys.excepthook = lambda _kind, error, passed: _tell(error, passed)
    threading.excepthook = lambda told: _tell(told.exc_value, told.exc_traceback)


def _tell(error: BaseException | None, passed: TracebackType | None) -> None:
    if error is not None and not isinstance(error, SystemExit):
        sys.stderr.write("".join(traceback.format_tb(passed)) + kind(error) + "\n")


def _nameless(each: object) -> object:
    return kind(each) if isinstance(each, BaseException) else each


class OneLine(logging.Formatter):
    """Says in one line which error it was and where: no path, whose tokens open a reader's page."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the kind of error and the way to it: our own places, and the last of all."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return f"{record.levelname} {record.name}"
        return f"{record.levelname} {where(error)}"


class OnlyBroken(logging.Filter):
    """Lets through what broke; what was refused on purpose carries no error."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is about an error in the program."""
        return bool(record.exc_info and record.exc_info[0])


def log_broken(error: Exception) -> None:
    """Log an error that came through all that answers requests."""
    BROKEN.error("broken", exc_info=error)
