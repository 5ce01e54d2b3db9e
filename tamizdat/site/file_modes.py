"""Who on this machine may read a newsroom's folder: its owner alone, but for the edition."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tamizdat.site import FOR_OWNER_ONLY

EDITION, MEDIA = "edition", "media"
WAY_THROUGH = stat.S_IXGRP | stat.S_IXOTH  # a web server of another user passes to the edition


def too_open(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield what others may read or change in a newsroom's folder, and its right mode.

    The folder itself comes first. Links are not followed. The way through the folder, which
    somebody gave to a web server, stays. A file with a second name is a picture that the
    edition shows: both names have one mode, and the folder of this one is closed.
    """
    yield from _wrong(folder, FOR_OWNER_ONLY & ~WAY_THROUGH)
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if here == folder and EDITION in folders:
            folders.remove(EDITION)
        for name in (*folders, *files):
            path = here / name
            if not _is_published(path, folder):
                yield from _wrong(path, FOR_OWNER_ONLY)


def tighten(folder: Path) -> None:
    """Close what an older program, or a copy, left open. What is not ours stays as it is."""
    for path, mode in list(too_open(folder)):
        try:
            path.chmod(mode)
        except OSError:
            continue  # somebody else's, or gone meanwhile: `doctor` names what stays open


def _wrong(path: Path, closed: int) -> Iterator[tuple[Path, int]]:
    try:
        found = path.lstat()
    except (FileNotFoundError, PermissionError):
        return  # a database's log, which comes and goes; or what is out of reach
    mode = stat.S_IMODE(found.st_mode)
    if mode & closed and not stat.S_ISLNK(found.st_mode):
        yield path, mode & ~closed


def _is_published(path: Path, folder: Path) -> bool:
    if path.parts[len(folder.parts)] != MEDIA:
        return False
    try:
        found = path.lstat()
    except (FileNotFoundError, PermissionError):
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink > 1
