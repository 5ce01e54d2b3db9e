"""What an error says of the database: it is away, damaged, cannot be written; or nothing.

Everything else (a value of the wrong kind, a deadlock) is about the question, not about the
database. Where a table is missing, the whole database may have been lost, and be an empty one now.
"""

import sqlite3
from typing import Literal

import psycopg

Trouble = Literal["away", "unwritable", "missing", "damaged"]

# The first byte of SQLite's result code (sqlite.org/rescode.html).
_SQLITE: dict[int, Trouble] = {
    sqlite3.SQLITE_FULL: "unwritable",
    sqlite3.SQLITE_READONLY: "unwritable",
    sqlite3.SQLITE_IOERR: "unwritable",
    sqlite3.SQLITE_CANTOPEN: "away",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CORRUPT: "damaged",
}
_NO_TABLE = "no such table"  # how SQLite says it: its code is that of any wrong question
# SQLSTATE (PostgreSQL's documentation, appendix A): a whole code, or a class of two characters.
_SQLSTATE: dict[str, Trouble] = {
    "08": "away",  # the connection
    "53300": "away",  # no connection is left
    "57P": "away",  # the server stops or starts
    "25006": "unwritable",  # a standby, or set to read only
    "53100": "unwritable",  # the disk is full
    "58030": "unwritable",  # the disk does not work
    "42P01": "missing",  # a table
}


def trouble(error: BaseException) -> Trouble | None:
    """Return what an error, the driver's own or one that it caused, says of the database.

    Where it says nothing, what was asked failed alone: others may ask.
    """
    raw = _raw(error)
    if isinstance(raw, sqlite3.Error):
        if str(raw).startswith(_NO_TABLE):
            return "missing"
        if is_of_an_index(error):
            return None
        return _SQLITE.get(getattr(raw, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(raw, psycopg.Error):
        return _of_postgresql(raw)
    return None


def is_of_an_index(error: BaseException) -> bool:
    """Say whether it is about a damaged index of FTS5: a virtual table's, and not the database's.

    SQLite's code for it is a kind of the one for a damaged database.
    """
    return getattr(_raw(error), "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB


def _raw(error: BaseException) -> BaseException | None:
    return error if isinstance(error, (sqlite3.Error, psycopg.Error)) else error.__cause__


def _of_postgresql(error: psycopg.Error) -> Trouble | None:
    if error.sqlstate is None:  # it did not come from the server: there was none to send it
        return "away" if isinstance(error, psycopg.OperationalError) else None
    return next((each for code, each in _SQLSTATE.items() if error.sqlstate.startswith(code)), None)
