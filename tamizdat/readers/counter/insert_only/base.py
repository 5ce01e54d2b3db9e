"""SQLite for the counter: a connection that may insert envelopes and do nothing else.

PostgreSQL has rights for that (docs/howto/counter-on-its-own.md). SQLite has none, but it asks
an authorizer about each step of each statement before it runs it.
"""

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

TABLE = "counter_envelope"
_HARMLESS = frozenset({sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT})


def judge(action: int, table: str | None, *_about: str | None) -> int:
    """Return whether SQLite may take this step: only inserting into the one table."""
    if action in _HARMLESS or (action == sqlite3.SQLITE_INSERT and table == TABLE):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite, with the authorizer on every connection that it opens."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Return a connection that was set up as usual and then shut."""
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.set_authorizer(judge)
        return connection
