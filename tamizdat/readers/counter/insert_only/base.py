"""SQLite for the counter: it may insert submissions, read what is published, and do nothing else.

PostgreSQL has rights for that (docs/howto/counter-on-its-own.md). SQLite has none, but it asks
an authorizer about each step of each statement before it runs it.
"""

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

TABLE = "counter_envelope"
PUBLISHED = "counter_published"
GUARD = "counter_envelope_once"  # the trigger that refuses a known key; it has to look for it
_KEYS = frozenset({"id", "ROWID"})
_HARMLESS = frozenset({sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT, sqlite3.SQLITE_SELECT})


def judge(
    action: int, table: str | None, column: str | None, database: str | None, trigger: str | None
) -> int:
    """Return whether SQLite may take this step.

    A SELECT alone reads nothing: each column is asked about, and so is each function. All of
    them are refused, for some reach files.
    """
    inserts = action == sqlite3.SQLITE_INSERT and table == TABLE
    reads = action == sqlite3.SQLITE_READ and (
        table == PUBLISHED or (trigger == GUARD and table == TABLE and column in _KEYS)
    )
    if action in _HARMLESS or (database == "main" and (inserts or reads)):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, with the authorizer on every connection that it opens."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Return a connection that was set up as usual and then shut."""
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.set_authorizer(judge)
        return connection
