"""Keys and database belong together. Where one of them was lost, that is said at the start.

Nothing is ever made in the place of what was lost: new keys open no address that was sealed to
the old one, and an empty database would be published as an empty edition.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.db import connection, connections

from tamizdat.lib.newsroom import Newsroom, NewsroomError

READER_KEY = "reader.*"
#: Files in data/ that say that this newsroom has had such a database. The desk's needs none: a
#: newsroom is founded with a full one.
NOTES = {"counter": "counter.founded", "till": "till.founded"}


def refuse_lost_database(newsroom: Newsroom) -> None:
    """Refuse to begin with an empty desk's database: a newsroom is founded with a full one.

    Raises:
        NewsroomError: it holds no table.
    """
    if connection.introspection.table_names():
        return
    raise NewsroomError(
        f"The desk's database is empty, but {newsroom.folder} is a newsroom that was founded "
        "with one. Put the database back from its backup, or name the right one in DATABASE_URL. "
        "A new newsroom is made by `tamizdat init`, in a new folder."
    )


def was_founded(newsroom: Newsroom, alias: str) -> bool:
    """Say whether a database has had tables, as far as this machine knows."""
    return alias not in NOTES or (newsroom.data / NOTES[alias]).exists()


def is_lost(newsroom: Newsroom, alias: str) -> bool:
    """Say whether a database holds no table, though it did before."""
    return was_founded(newsroom, alias) and is_empty(alias)


def note(newsroom: Newsroom, alias: str) -> None:
    """Remember that a database has tables now. On a full disk it is remembered later."""
    if alias in NOTES:
        with suppress(OSError):
            (newsroom.data / NOTES[alias]).touch(mode=0o600)


def is_empty(alias: str) -> bool:
    """Say whether a database holds no table."""
    return not connections[alias].introspection.table_names()


def without_reader_key(newsroom: Newsroom) -> Iterator[tuple[str, str]]:
    """Yield what is wrong and what to do, where readers are there and their key is not."""
    if any(newsroom.keys.glob(READER_KEY)) or is_out_of_reach(newsroom.keys):
        return
    if readers := _readers():
        yield (
            f"keys/ holds no reader key, but {readers} readers have addresses sealed to one",
            f"Put them back into {newsroom.keys} from the backup. New ones open no address.",
        )


def is_out_of_reach(folder: Path) -> bool:
    """Say whether a folder is there and lets this process not in: who knows what it holds."""
    return folder.exists() and not os.access(folder, os.R_OK | os.X_OK)


def say(tell: Callable[[str], None], newsroom: Newsroom) -> None:
    """Tell what was lost, a line each."""
    for what, do in without_reader_key(newsroom):
        tell(f"{what}. {do}")


def _readers() -> int:
    from tamizdat.readers.models import Reader

    return Reader.objects.count()
