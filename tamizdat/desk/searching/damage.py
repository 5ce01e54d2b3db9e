"""A damaged index of the desk's search on SQLite: it is noticed, and made anew.

FTS5 keeps the index in tables of its own, beside a copy of the texts. Damage in the index is not
the database's: everything else goes on. Nothing is lost, so it is made anew without asking: at
once where something is written to it, and else by the worker.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from tamizdat.lib import alerts, clock
from tamizdat.lib.alerts import Alert
from tamizdat.lib.database_trouble import is_of_an_index
from tamizdat.lib.failures import where

ALERT = Alert(
    "search-index",
    "The index of the desk's search is damaged.",
    "It is made of what the desk holds, and nothing else is damaged: all but the search goes on.",
    "The work process makes it anew (“rebuild” of FTS5) within a minute: see that it runs.",
)
IN_VAIN = (
    "The work process tries to make it anew every minute. If it stays so, put data/desk.sqlite3 "
    "back from the backup at a quiet hour."
)


def note() -> None:
    """Tell that somebody met the damage."""
    alerts.raise_alert(_data(), ALERT, clock.now())


def mend(at: datetime) -> None:
    """Make the index anew if somebody met that it is damaged."""
    if not any(each.key == ALERT.key for each in alerts.standing(_data())):
        return
    try:
        _make_anew()
    except DatabaseError as error:
        if not is_of_an_index(error):
            raise
        alerts.raise_alert(_data(), replace(ALERT, do=IN_VAIN, cause=where(error)), at)


def written(write: Callable[[], None]) -> None:
    """Write to the index; where it is damaged, make it anew first.

    Not within a transaction: SQLite takes back all of it at such an error. The worker makes the
    index anew then, and what was to be done is done again.
    """
    if connection.in_atomic_block:
        write()
        return
    try:
        write()
    except DatabaseError as error:
        if not is_of_an_index(error):
            raise
        _make_anew()
        write()


def _make_anew() -> None:
    """Have FTS5 make its index of the texts that it keeps, and take the alert back."""
    if connection.vendor == "sqlite":
        from modelsearch.backends.database.sqlite.sqlite import SQLiteFTSIndexEntry

        table = SQLiteFTSIndexEntry._meta.db_table  # noqa: SLF001  Django's own name
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")  # noqa: S608  a name of ours
    alerts.clear(_data(), ALERT.key)


def _data() -> Path:
    return Path(settings.NEWSROOM.data)
