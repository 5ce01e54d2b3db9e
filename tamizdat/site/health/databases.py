"""Whether the databases answer, and whether they are what this program needs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import Error, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from tamizdat.lib.alerts import Alert
from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.databases import (
    database_alerts,
    database_versions,
    database_watch,
    lost_parts,
    sqlite_files,
    trial,
)
from tamizdat.site.databases.settings import HOLDERS
from tamizdat.site.health.finding import Finding, good, of, unseen, wrong

NAMES = {"default": "desk"}


def answer() -> bool:
    """Return whether every database of this role answers. A process that watches them knows."""
    if database_watch.watches():
        return all(map(database_watch.is_ready, _ours()))
    return all(_silence(alias) is None for alias in _ours())


def that_do_not_answer(_newsroom: Newsroom) -> Iterator[Finding]:
    """Ask each database for nothing, and write; where they are watched, an alert stands for each.

    Of one that cannot be opened nobody knows whether it is damaged.
    """
    if database_watch.watches():
        return
    for alias in _ours():
        if _is_missing(alias):
            continue  # it was lost, or never made: told below
        error = _silence(alias)
        state = _state(alias) if error is None else database_alerts.closer(alias, error)
        if state == "well" and (error := _refusal(alias)):
            state = database_alerts.closer(alias, error)
        if state == "well":
            continue
        said = database_alerts.alert(NAMES.get(alias, alias), state, where(error) if error else "")
        found = _told(said)
        yield of("the databases", alias, replace(found, partly=state != "damaged"))


def are_up_to_date(newsroom: Newsroom) -> Iterator[Finding]:
    """Compare each database with this program, and name one that is empty: it was lost."""
    for alias in _ours():
        name = NAMES.get(alias, alias)
        if _is_missing(alias):
            lost = lost_parts.was_founded(newsroom, alias)
            found = _told(database_alerts.alert(name, "lost" if lost else "empty"))
        elif _silence(alias) is None:
            found = _version(alias, name)
        else:
            found = unseen(f"the {name}'s database could not be compared with this program")
        yield of("the databases' versions", alias, found)


def _ours() -> list[str]:
    return [alias for alias in settings.DATABASES if alias in HOLDERS or settings.ROLE == "desk"]


def _silence(alias: str) -> Exception | None:
    """Return why a database does not answer; None if it does."""
    connection = connections[alias]
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # noqa: BLE001  whatever keeps it from answering
        if not connection.in_atomic_block:
            connection.close()
        return error
    return None


def _state(alias: str) -> database_alerts.State:
    """Return what can be seen of a database that answers."""
    if database_alerts.is_closed(alias):
        return "closed"
    return "held" if trial.waits_for_a_lock(connections[alias]) else "well"


def _refusal(alias: str) -> Exception | None:
    """Return why a database that answers refuses what is written; None if it takes it."""
    try:
        trial.write(connections[alias])
    except Error as error:
        return error
    return None


def _version(alias: str, name: str) -> Finding:
    state = database_versions.version(alias)
    if state == "well":
        return good(f"the {name}'s database is up to date")
    return _told(database_alerts.alert(name, state))


def _told(said: Alert) -> Finding:
    return wrong(said.what, said.do, said.explanation)


def _is_missing(alias: str) -> bool:
    connection = connections[alias]
    is_file = isinstance(connection, DatabaseWrapper) and not connection.is_in_memory_db()
    return is_file and sqlite_files.is_missing(Path(connection.settings_dict["NAME"]))
