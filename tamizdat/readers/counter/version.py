"""Which version of its tables the counter needs, and which it has.

It may not read the list of migrations: the desk publishes what it made.
"""

import pkgutil
from typing import Literal

from tamizdat.lib.shallow_json import loads
from tamizdat.readers.counter import migrations
from tamizdat.readers.counter.models import Published

NAME = "tables"


def needed() -> str:
    """Return the newest migration that this program knows, as "0002_published"."""
    return max(each.name for each in pkgutil.iter_modules(migrations.__path__))


def compared() -> Literal["well", "behind", "ahead"]:
    """Compare what is there with what is needed.

    A desk that says nothing, or nothing that makes sense, made what is needed.

    Raises:
        Error: the tables are not there, or the database is not.
    """
    for text in Published.objects.filter(name=NAME).values_list("text", flat=True):
        found, wanted = _number(_said(text)), _number(needed())
        if found != wanted:
            return "behind" if found < wanted else "ahead"
    return "well"


def _said(text: str) -> str:
    try:
        return str(loads(text))
    except ValueError:
        return needed()


def _number(migration: str) -> int:
    digits = migration.partition("_")[0]
    return int(digits) if digits.isdecimal() else 0
