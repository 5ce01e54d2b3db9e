"""Start Django for a newsroom, once a process."""

import os
from pathlib import Path

from tamizdat.lib import newsroom as newsrooms
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.newsroom.last_settings import load_or_last
from tamizdat.site.owner import refuse_root


def boot(folder: Path | None = None, role: str | None = "desk") -> Newsroom:
    """Make this process one of the newsroom's and return the newsroom.

    Args:
        folder: Where the newsroom is, if somebody named it.
        role: Which role this process plays; None for the one that this machine is for.

    Raises:
        NewsroomError: there is no newsroom there, its settings cannot be, another machine holds
            the role's database, or root asks in a folder that is not root's.
    """
    found = newsrooms.find(folder)
    refuse_root(found)
    newsroom = load_or_last(found)
    os.environ["TAMIZDAT_NEWSROOM"] = str(found)
    os.environ["TAMIZDAT_ROLE"] = role or newsroom.main_role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tamizdat.site.settings")

    import django

    django.setup()
    return newsroom


def boot_up_to_date(folder: Path | None = None) -> Newsroom:
    """Start Django at the desk, with a database that has the tables of this program.

    After an update a command may be the first to ask for them.

    Raises:
        NewsroomError: as `boot` says, or the desk's database was lost.
    """
    newsroom = boot(folder)
    from tamizdat.site.databases.database_versions import version
    from tamizdat.site.databases.lost_parts import refuse_lost_database

    refuse_lost_database(newsroom)
    if version("default") == "behind":
        migrate()
    return newsroom


def migrate() -> None:
    """Bring the databases up to date, which only the desk does."""
    from tamizdat.site.databases import migrating

    with migrating.alone():
        migrating.migrate()
