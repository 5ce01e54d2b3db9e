"""Whether two printings are like: as many files within 5 %, as many bytes within 10 %."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_UNLIKE = re.compile(r"edition/manifest|[a-z]+/search[./]")
FILES = 0.05
BYTES = 0.10


@dataclass(frozen=True, slots=True)
class Printing:
    """What a program printed, pictures apart: both only hand these on."""

    files: int
    bytes: int


def ours(edition: Path) -> Printing:
    """Count an edition's leaves; manifest and search have no like and are left out."""
    return _count(edition.resolve(), lambda path: not _UNLIKE.match(path))


def hugos(public: Path) -> Printing:
    """Count what Hugo printed, without its redirects."""
    return _count(public, lambda path: not path.endswith("/page/1.html"))


def like(one: Printing, other: Printing) -> bool:
    """Say whether both did the same work."""
    return abs(one.files / other.files - 1) <= FILES and abs(one.bytes / other.bytes - 1) <= BYTES


def _count(folder: Path, counts: Callable[[str], bool]) -> Printing:
    sizes = [
        file.stat().st_size
        for file in folder.rglob("*")
        if file.is_file()
        and (path := str(file.relative_to(folder)))
        and not path.startswith("pictures/")
        and counts(path)
    ]
    return Printing(len(sizes), sum(sizes))
