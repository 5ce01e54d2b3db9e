"""The sizes of a picture that pages use: made once, when it comes in, and kept as files."""

import os
from pathlib import Path
from typing import TypedDict

from django.conf import settings

from tamizdat.lib import paths, pictures
from tamizdat.lib.replacing import is_unfinished, replace


class Variant(TypedDict):
    form: pictures.Form
    width: int
    height: int


def make(picture: pictures.Clean) -> list[Variant]:
    """Write every size of a picture under media/ and return the list of them."""
    made: list[Variant] = []
    for form, width, height, data in pictures.renditions(picture):
        _put(place(picture.digest, width, form), data)
        made.append({"form": form, "width": width, "height": height})
    return made


def place(digest: str, width: int, form: str) -> Path:
    """Return the file in which a variant is kept."""
    return Path(settings.MEDIA_ROOT) / paths.picture(digest, width, form)


def forget(digest: str) -> None:
    """Delete the sizes of a picture that is gone. An edition has names of its own for its files."""
    folder = Path(settings.MEDIA_ROOT) / "pictures"
    for file in folder.glob(f"{digest[:20]}-*"):
        file.unlink(missing_ok=True)


def tidy(kept: set[str], before: float) -> int:
    """Delete the files of pictures that are gone and return how many there were.

    `kept` holds the digests still in use; `before` is a time in seconds since 1970: younger
    files may belong to a picture whose row is not committed yet.
    """
    folder = Path(settings.MEDIA_ROOT) / "pictures"
    wanted = {digest[:20] for digest in kept}
    orphans = [
        file
        for file in folder.glob("*")
        if (is_unfinished(file.name) or file.name.lstrip(".").split("-")[0] not in wanted)
        and file.stat().st_mtime < before
    ]
    for file in orphans:
        file.unlink(missing_ok=True)
    return len(orphans)


def is_tidy(since: float) -> bool:
    """Say whether dead files were looked for since a time, in seconds since 1970."""
    return _mark().exists() and _mark().stat().st_mtime >= since


def note_tidy(at: float) -> None:
    """Note when dead files were last looked for: a file, so that all workers know."""
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()
    os.utime(_mark(), (at, at))


def _mark() -> Path:
    return Path(settings.MEDIA_ROOT) / "pictures.tidied"


def _put(path: Path, data: bytes) -> None:
    """Write whole or not at all: an edition may link this very file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, data)
