"""Bring the databases up to date: at the desk, by one process at a time.

The desk makes and changes the tables of all three. Counter and till never do: they face the
public, and need no right to it. They wait (site/databases/database_watch.py). A till on a
machine of its own has nobody to wait for: its worker does it there.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connections

from tamizdat.lib import clock
from tamizdat.lib.alerts import clear, raise_alert
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.filelock import lock
from tamizdat.lib.processes import stopping
from tamizdat.site.databases import database_alerts, lost_parts
from tamizdat.site.databases.settings import HOLDERS, make_private
from tamizdat.site.saying import say

NUMBER = 7_370_267_001  # of the advisory lock in PostgreSQL; the same for ever
FILE = "migrating.lock"
LOOK_EVERY_S = 0.5
WAITS = "Another process brings the databases up to date; this one waits for it."


@contextmanager
def alone() -> Iterator[None]:
    """Be the only process that brings this newsroom's databases up to date. Waits for another.

    The lock is on the desk's database and stands for all three (at a till on a machine of its own,
    whose "default" is the till's, on that). A process that dies lets go of it.

    Raises:
        Stopped: this process was told to stop meanwhile.
    """
    with ExitStack() as held:
        said = False
        while not held.enter_context(_lock()):
            held.close()
            if not said:
                say(WAITS, err=True)
                said = True
            stopping.wait(LOOK_EVERY_S)
            stopping.check()
        yield


def migrate() -> None:
    """Bring each database that is here up to date. Hold the lock (`alone`).

    The counter's or the till's may be away: the desk goes on without it, and `work` brings it up
    to date when it is back.

    Raises:
        Error: the desk's database is away or cannot be written.
    """
    migrate_one("default")
    for alias in HOLDERS.values() & settings.DATABASES.keys():
        try:
            migrate_one(alias)
        except Error as error:
            if not trouble(error):
                raise


def migrate_one(alias: str) -> None:
    """Bring one database up to date. Hold the lock (`alone`).

    No empty one is made in the place of one that was lost: that is only told.
    """
    newsroom = settings.NEWSROOM
    make_private(settings.DATABASES[alias])
    if alias in HOLDERS and lost_parts.is_lost(newsroom, alias):
        raise_alert(newsroom.data, database_alerts.alert(alias, "lost"), clock.now())
        return
    own = (alias,) if alias in HOLDERS else ()
    call_command("migrate", *own, database=alias, verbosity=0, interactive=False)
    if alias == "counter":  # which may not read what was migrated
        from tamizdat.readers import publishing  # a till apart has not the tables it is about

        publishing.tell_version()
    if alias in HOLDERS:
        clear(newsroom.data, database_alerts.key(alias, "lost"))
        lost_parts.note(newsroom, alias)


def mend(alias: str) -> None:
    """Bring one database up to date that was away when the others were."""
    with alone():
        migrate_one(alias)


@contextmanager
def _lock() -> Iterator[bool]:
    """Take the lock for a block, if it is free; yields whether it was."""
    if connections["default"].vendor == "postgresql":
        with _in_postgresql() as ours:
            yield ours
    else:
        with _beside_sqlite(settings.NEWSROOM.data / FILE) as ours:
            yield ours


@contextmanager
def _in_postgresql() -> Iterator[bool]:
    """Take it over a connection of its own: the other one begins and ends transactions."""
    own = connections["default"].copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [NUMBER])
            ours = bool(cursor.fetchone()[0])
        yield ours
    finally:
        own.close()


@contextmanager
def _beside_sqlite(path: Path) -> Iterator[bool]:
    with lock(path) as held:
        yield held is not None
