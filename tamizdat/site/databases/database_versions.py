"""Whether a database has the tables that this program needs.

Every migration that ran is a row in it, and every migration that is known is a file: to compare
their names takes no reading of the files.
"""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps
from django.conf import settings
from django.db import Error, ProgrammingError, connections
from django.db.migrations.recorder import MigrationRecorder

from tamizdat.site.databases import lost_parts
from tamizdat.site.databases.settings import HOLDERS

Version = Literal["well", "behind", "ahead", "empty", "lost"]


def version(alias: str) -> Version:
    """Compare a database with this program. One that was founded and is empty now was lost.

    Raises:
        Error: the database is away.
    """
    if settings.ROLE == "counter":
        return _of_the_counter()
    try:
        found = set(MigrationRecorder(connections[alias]).applied_migrations())
    except ProgrammingError:  # this role may not look; then its questions will tell
        return "well"
    known = {each for label in _labels(alias) for each in _files(label)}
    if known - found:
        return "behind" if found else _of_an_empty(alias)
    return "ahead" if any(_is_newer(each, known) for each in found) else "well"


def _of_the_counter() -> Version:
    from tamizdat.lib.database_trouble import trouble
    from tamizdat.readers.counter.version import compared

    try:
        return compared()
    except Error as error:
        found = trouble(error)
        if found == "missing":
            return "lost" if lost_parts.was_founded(settings.NEWSROOM, "counter") else "empty"
        if found:
            raise
        return "behind"  # the desk has given no right to the tables yet


def _of_an_empty(alias: str) -> Version:
    """Tell apart what nothing was recorded in: only one without any table is empty."""
    if not lost_parts.is_empty(alias):
        return "behind"
    return "lost" if lost_parts.was_founded(settings.NEWSROOM, alias) else "empty"


def _labels(alias: str) -> list[str]:
    """Return the apps whose tables a database holds."""
    if alias in HOLDERS:
        return [alias]
    return [app.label for app in apps.get_app_configs() if app.label not in HOLDERS]


def _files(label: str) -> set[tuple[str, str]]:
    name = f"{apps.get_app_config(label).name}.migrations"
    if find_spec(name) is None:
        return set()
    found = pkgutil.iter_modules(import_module(name).__path__)
    return {(label, each.name) for each in found if each.name[0] not in "_~"}


def _is_newer(applied: tuple[str, str], known: set[tuple[str, str]]) -> bool:
    """Say whether a migration is newer than all that we know of an app of ours.

    Others remove old migrations that they have joined; those are no sign.
    """
    label, name = applied
    ours = [each for app, each in known if app == label]
    if not ours or not apps.get_app_config(label).name.startswith("tamizdat."):
        return False
    return _number(name) > max(map(_number, ours))


def _number(migration: str) -> int:
    digits = migration.partition("_")[0]
    return int(digits) if digits.isdecimal() else 0
