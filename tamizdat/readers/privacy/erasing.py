"""Make deleting mean gone: free pages, write-ahead logs and dead rows hold no old seals.

SQLite overwrites what is deleted (`secure_delete`, site/databases/settings.py); its write-ahead
log is emptied here. PostgreSQL leaves dead rows in their pages until they are overwritten: the
tables that hold seals are written anew, in the order of their random ids. Its own log keeps
changes until its segments are used again, often for hours: what an unattended key opened is closed
for good when that key is destroyed.
"""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)
USUAL_MS = 20_000
PATIENCE_MS = 500  # for a reader of the write-ahead log; the next round tries again


@dataclass(frozen=True, slots=True)
class Tables:
    """What is erased in one database: `anew` is written anew, `clean` only cleaned."""

    anew: tuple[str, ...]
    clean: tuple[str, ...]


HOLDERS = {
    "default": Tables(
        anew=(
            *("readers_unattendedcopy", "readers_sealedrecord", "readers_pending"),
            "readers_unanswered",
        ),
        clean=("readers_reader", "letters_letter"),
    ),
    "counter": Tables(anew=(), clean=("counter_envelope",)),
}


def erase() -> None:
    """Erase what was deleted, in the desk's and the counter's databases. Do it between rounds.

    What cannot be done now, because somebody reads, is done in the next round.
    """
    for alias, tables in HOLDERS.items():
        erase_in(alias, tables)


def erase_in(alias: str, tables: Tables) -> None:
    """Erase what was deleted in one database."""
    connection = connections[alias]
    if connection.in_atomic_block:
        return
    try:
        _erase(connection, tables)
    except DatabaseError as error:
        log.warning("what was deleted is erased in the next round: %s", type(error).__name__)


def rewrite_everything() -> None:
    """Write every table anew, so that nothing of earlier rows is left. It takes minutes."""
    for alias, tables in HOLDERS.items():
        with connections[alias].cursor() as cursor:
            if connections[alias].vendor == "sqlite":
                cursor.execute("VACUUM")
                continue
            for table in (*tables.anew, *tables.clean):
                cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
    erase()


def _erase(connection: BaseDatabaseWrapper, tables: Tables) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA busy_timeout = {USUAL_MS}")
            return
        for table in filter(partial(_has_changed, cursor), tables.anew):
            cursor.execute(f"CLUSTER {table} USING {table}_pkey")
            cursor.execute(f"ANALYZE {table}")
        for table in filter(partial(_has_changed, cursor), tables.clean):
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _has_changed(cursor: Any, table: str) -> bool:
    """Return whether rows came or went since the table was last looked at."""
    cursor.execute(
        "SELECT n_dead_tup + n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = %s",
        [table],
    )
    found = cursor.fetchone()
    return bool(found and found[0])
