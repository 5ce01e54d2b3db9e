"""Whose the files of a newsroom are. One of another user keeps it from writing."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tamizdat.lib import alerts
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.users import command, give_command
from tamizdat.site.databases import sqlite_files
from tamizdat.site.databases.settings import FILES
from tamizdat.site.health.finding import Finding, good, unseen, wrong

#: Looked into without their folders: an archive has hundreds of thousands of files.
FOLDERS = ("", "data", "data/alerts", "keys", "keys/unattended", "edition", "media", "theme")
NAMED = 5  # files that are named; a pattern of the command takes in all


def are_ours(newsroom: Newsroom) -> Iterator[Finding]:
    """Name what does not belong to the newsroom's user, or cannot be written by this one.

    A key that cannot be read and a database that cannot be opened are named by others.
    """
    foreign = [path for path in _seen(newsroom.folder) if _is_foreign(path, newsroom.folder)]
    foreign = [path for path in foreign if path not in set(_named_by_others(newsroom))]
    if any(map(lets_nobody_look, (newsroom.folder / name for name in FOLDERS))):
        yield unseen("whose the files in a closed folder are was not looked at")
    if not foreign:
        yield good("the newsroom's files belong to its user")
        return
    names = [str(path.relative_to(newsroom.folder)) for path in foreign]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    yield wrong(
        f"not the newsroom's own: {', '.join(names[:NAMED])}{more}",
        f"Give them to the newsroom's user, as root: `{give_command(newsroom.folder)}`. "
        f"If they are that user's own: `{command('chmod -R u+rwX', newsroom.folder)}`.",
        "They belong to another user, or their mode is closed. Who writes them fails.",
        about="files of other users",
    )


def lets_nobody_look(folder: Path) -> bool:
    """Say whether a folder is there, and does not let this process see what is in it."""
    try:
        next(folder.iterdir(), None)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return not os.access(folder, os.X_OK)


def _seen(folder: Path) -> Iterator[Path]:
    """Yield the newsroom's folder and what lies at the top of its folders; nothing deeper."""
    yield folder
    for name in FOLDERS:
        try:
            yield from sorted((folder / name).iterdir())
        except OSError:
            continue  # not there, or out of reach: named itself


def _is_foreign(path: Path, folder: Path) -> bool:
    """Say whether it is not the folder's owner's, where we are that; else whether we may write."""
    try:
        found = path.lstat()
    except OSError:
        return False  # gone meanwhile
    if stat.S_ISLNK(found.st_mode):
        return False  # a link is replaced, never written
    mine = found.st_uid == os.geteuid()
    needed = os.R_OK | os.W_OK | (os.X_OK if stat.S_ISDIR(found.st_mode) else 0)
    return (folder.stat().st_uid == os.geteuid() and not mine) or not os.access(path, needed)


def _named_by_others(newsroom: Newsroom) -> Iterator[Path]:
    yield newsroom.keys
    yield from alerts.unreadable(newsroom.data)
    for path in newsroom.keys.glob("*"):
        if not os.access(path, os.R_OK):
            yield path
    for name in FILES.values():
        yield from sqlite_files.files(newsroom.data / name)
