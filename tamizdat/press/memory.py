"""The files of the current edition, kept in memory as far as there is room.

Each file is looked at on the disk at every request (one `stat`, through the link `current`), so
what is served is always the edition of this moment and never a remembered older one.
"""

import gzip
import os
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG

import brotli

ROOM = 128 * 2**20  # bytes of files and their packed forms
LARGEST = 8 * 2**20  # bytes; a larger file is read each time it is asked for
BROTLI = 11  # a tenth smaller than 9; it takes 0.05 s a page, once an edition
GZIP = 6
WORTH_PACKING = 512  # bytes

TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "txt": "text/plain; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ico": "image/x-icon",
    "epub": "application/epub+zip",
    "zim": "application/x-zim",
    "ics": "text/calendar; charset=utf-8",
    "eml": "message/rfc822",
}
FEED_TYPES = {
    "feed.rss.xml": "application/rss+xml; charset=utf-8",
    "feed.atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
}
PACKED = frozenset({"html", "json", "xml", "txt", "css", "js", "svg", "ics"})


@dataclass
class File:
    """A file's bytes and what is derived from them; `etag` without its quotation marks."""

    content: bytes
    type: str
    etag: str
    packable: bool
    _packed: dict[str, bytes] = field(default_factory=dict)

    def packed(self, coding: str) -> bytes:
        """Return the bytes in a content coding: "br", "gzip" or "identity". Packs once."""
        if coding == "identity":
            return self.content
        if coding not in self._packed:
            self._packed[coding] = _pack(self.content, coding)
        return self._packed[coding]


class Memory:
    """The files below `edition/current`, by path."""

    def __init__(self, edition: Path, room: int = ROOM) -> None:
        self._root = os.fspath(edition / "current")
        self._room = room
        self._held = 0
        self._files: OrderedDict[str, tuple[tuple[int, ...], File]] = OrderedDict()

    def file(self, path: str) -> File | None:
        """Return the file at a path that `safe` let through, None if there is none."""
        try:
            found = os.stat(f"{self._root}/{path}")  # noqa: PTH116  three times as fast as Path
        except OSError:
            return None
        if not S_ISREG(found.st_mode):
            return None
        mark = _mark(found)
        held = self._files.get(path)
        if held is not None and held[0] == mark:
            self._files.move_to_end(path)
            return held[1]
        return self._read(path)

    def is_folder(self, path: str) -> bool:
        """Say whether a path is a folder of the edition."""
        try:
            return S_ISDIR(os.stat(f"{self._root}/{path}").st_mode)  # noqa: PTH116  as above
        except OSError:
            return False

    @property
    def is_empty(self) -> bool:
        """Say whether there is no edition yet."""
        return not os.path.exists(self._root)  # noqa: PTH110  as above

    def _read(self, path: str) -> File | None:
        try:
            with open(f"{self._root}/{path}", "rb") as source:  # noqa: PTH123  as above
                mark = _mark(os.fstat(source.fileno()))
                content = source.read()
        except OSError:
            return None
        file = File(
            content, type_of(path), sha256(content).hexdigest()[:32], _packable(path, content)
        )
        if len(content) <= LARGEST:
            self._keep(path, mark, file)
        return file

    def _keep(self, path: str, mark: tuple[int, ...], file: File) -> None:
        before = self._files.pop(path, None)
        if before is not None:
            self._held -= _weight(before[1])
        self._files[path] = (mark, file)
        self._held += _weight(file)
        while self._held > self._room:
            _, (_, oldest) = self._files.popitem(last=False)
            self._held -= _weight(oldest)


def safe(path: str) -> bool:
    """Say whether a path (no slash in front) names something inside an edition.

    Nothing of ours starts with a dot, so one rule keeps out "..", "." and hidden files.
    """
    if "\0" in path or "\\" in path:
        return False
    return all(part and not part.startswith(".") for part in path.split("/"))


def type_of(path: str) -> str:
    """Return the media type of a file, by its name alone."""
    name = path.rsplit("/", 1)[-1]
    return FEED_TYPES.get(name) or TYPES.get(_ending(name), "application/octet-stream")


def _ending(path: str) -> str:
    return path.rsplit(".", 1)[-1]


def _packable(path: str, content: bytes) -> bool:
    return _ending(path) in PACKED and len(content) >= WORTH_PACKING


def _pack(content: bytes, coding: str) -> bytes:
    if coding == "br":
        return bytes(brotli.compress(content, quality=BROTLI))
    return gzip.compress(content, GZIP, mtime=0)


def _weight(file: File) -> int:
    """Return a bound of what a file takes, packed forms included, that never changes."""
    return len(file.content) * (2 if file.packable else 1) + 1024


def _mark(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_ino, found.st_mtime_ns, found.st_size)
