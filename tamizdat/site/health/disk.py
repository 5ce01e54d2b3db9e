"""Whether the newsroom's folder can be written, has room, and is closed to others."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.users import command
from tamizdat.site import file_modes
from tamizdat.site.health import owners
from tamizdat.site.health.finding import Finding, good, unseen, wrong

LEAST_FREE = 500 * 2**20  # bytes; an edition of 100,000 articles is written beside the old one
FOLDERS = ("data", "edition", "media", "keys")
PROBE = ".doctor"


def closed_to_others(newsroom: Newsroom) -> Iterator[Finding]:
    """Say which files others on this machine can read."""
    folder = newsroom.folder
    open_ones = [path for path, _ in file_modes.too_open(folder)]
    if folder in open_ones:
        yield _readable(folder, "go-rw")
    inside = (path.relative_to(folder).parts[0] for path in open_ones if path != folder)
    for name in dict.fromkeys(inside):
        yield _readable(folder / name, "go-rwx")
    if any(owners.lets_nobody_look(newsroom.folder / name) for name in owners.FOLDERS):
        yield unseen("who can read the files in a closed folder was not looked at")
    if not open_ones:
        yield good("nobody else on this machine can read the newsroom's folder")


def _readable(path: Path, closed: str) -> Finding:
    deep = "-R " if path.is_dir() and closed == "go-rwx" else ""
    return wrong(
        f"others on this machine can read {path}",
        f"Run `{command(f'chmod {deep}{closed}', path)}` as its owner.",
    )


def takes_what_is_written(newsroom: Newsroom) -> Iterator[Finding]:
    """Write a byte into each folder, and look how much room there is."""
    places = [newsroom.folder / name for name in FOLDERS if (newsroom.folder / name).is_dir()]
    refused = [(place, error) for place in places if (error := _refusal(place)) is not None]
    for place, error in refused:
        yield wrong(
            f"nothing can be written in {place}",
            "Make room on the disk, or let the newsroom's user write there. Readers keep the "
            "edition that they have; what waits goes on by itself after that.",
            f"The cause: {error.strerror}.",
        )
    for place in _nearly_full(newsroom.folder, *places):
        free = shutil.disk_usage(place).free // 2**20
        yield wrong(
            f"the disk of {place} has only {free} MB left",
            f"Make room: below {LEAST_FREE // 2**20} MB a publication or a database may not fit.",
            about=f"disk {place}",
        )
    if not refused:
        yield good("the newsroom's folder can be written")


def _refusal(folder: Path) -> OSError | None:
    """Return why nothing can be written in a folder; None if it can."""
    probe = folder / f"{PROBE}.{os.getpid()}"
    try:
        probe.write_bytes(b".")
    except OSError as error:
        return error
    finally:
        with contextlib.suppress(OSError):  # it could not be made either
            probe.unlink(missing_ok=True)
    return None


def _nearly_full(*places: Path) -> Iterator[Path]:
    """Yield the first folder of each disk that is nearly full."""
    seen = set()
    for place in places:
        disk = place.stat().st_dev
        if disk not in seen and shutil.disk_usage(place).free < LEAST_FREE:
            yield place
        seen.add(disk)
