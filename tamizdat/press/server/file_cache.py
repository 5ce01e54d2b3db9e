"""The files of the current edition, the small ones kept in memory as far as there is room.

An edition never changes: a publication makes another one and turns the link `current` to it. So
one look at the link, at most every `LOOK_S`, says whether what is remembered still holds; after a
turn each file is looked at once. Whoever was served from a new edition never gets an older one
afterwards: before and after a file is read from the disk the link is looked at as well.
"""

import os
import resource
import time
from collections import OrderedDict
from errno import EMFILE, ENFILE
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from tamizdat.press.server.media_types import compressible
from tamizdat.press.server.open_files import BusyError, OpenFiles
from tamizdat.press.server.representation import SENT_WHOLE, File

ROOM = 48 * 2**20  # bytes of files and their packed forms
LARGEST = 512 * 2**10  # bytes; what is larger is sent from the disk, as it is
OVERHEAD = 4 * 2**10  # bytes: what a file's names, headers and tables take
LOOK_S = 0.01  # a look costs as much as all the rest of an answer
DESCRIPTORS = 512  # at most held open at once, for what is sent from the disk
WAITING = 16 * 2**10  # descriptors at most that wait for their end: some 550 a second


class FileCache:
    """The files below `edition/current`, by path. For one thread."""

    def __init__(
        self,
        edition: Path,
        room: int = ROOM,
        descriptors: int = DESCRIPTORS,
        waiting: int | None = None,
    ) -> None:
        self._root = os.fspath(edition / "current")
        self._room = room
        self._held = 0
        self._files: OrderedDict[str, File] = OrderedDict()
        self._link: tuple[int, ...] = ()
        self._tidied: tuple[int, ...] = ()
        self._turns = 0
        self._looked = 0.0
        self._open_files = OpenFiles(descriptors, waiting or _most_waiting())

    def file(self, path: str) -> File | None:
        """Return the file at a path (no slash in front), None if there is none.

        Raises:
            BusyError: it would be sent from the disk, and too many such are under way.
        """
        held = self._files.get(path)
        if held is None and not safe(path):
            return None
        if held is None or time.monotonic() - self._looked > LOOK_S:
            self._look()
            if self._link != self._tidied:
                self._tidied = self._link
                self._close_what_went()
        if held is not None and held.seen == self._turns:
            self._files.move_to_end(path)
            return held
        return self._see(path, held)

    def _look(self) -> None:
        """Count the turns of `current`; a folder in its place may change at any moment."""
        self._looked = time.monotonic()
        try:
            found = os.lstat(self._root)
        except OSError:
            self._turns += 1
            return
        link = (found.st_ino, found.st_ctime_ns) if S_ISLNK(found.st_mode) else ()
        if link != self._link or not link:
            self._link = link
            self._turns += 1

    def _see(self, path: str, held: File | None) -> File | None:
        """Look at a file on the disk, and read it unless it is what is held."""
        turns = self._turns
        try:
            found = os.stat(f"{self._root}/{path}")  # noqa: PTH116  three times as fast as Path
        except OSError:
            return None
        if not S_ISREG(found.st_mode):
            return None
        file = held if held is not None and held.mark == _mark(found) else self._read(path)
        self._look()
        if file is not None:
            file.seen = turns
        return file

    def is_folder(self, path: str) -> bool:
        """Say whether a path is a folder of the edition."""
        try:
            return safe(path) and S_ISDIR(os.stat(f"{self._root}/{path}").st_mode)  # noqa: PTH116  as above
        except OSError:
            return False

    @property
    def is_empty(self) -> bool:
        """Say whether there is no edition yet."""
        return not os.path.exists(self._root)  # noqa: PTH110  as above

    def _read(self, path: str) -> File | None:
        self._open_files.sweep()
        try:
            source = os.open(f"{self._root}/{path}", os.O_RDONLY)
        except OSError as error:
            if error.errno in (EMFILE, ENFILE):
                raise BusyError from error
            return None
        file = self._opened(path, source)
        self._keep(path, file)
        return file

    def _opened(self, path: str, source: int) -> File:
        mark = _mark(os.fstat(source))
        _, changed, size = mark
        if size > (LARGEST if compressible(path) else SENT_WHOLE):
            etag = f"{changed:x}-{size:x}"  # a hash would read all of it, before the first byte
            return File(path, mark, etag, b"", self._open_files.hold(source))
        with open(source, "rb", closefd=False) as opened:
            content = opened.read()
        etag = sha256(content).hexdigest()[:32]
        if size <= SENT_WHOLE:
            os.close(source)
            return File(path, mark, etag, content)
        return File(path, mark, etag, content, self._open_files.hold(source))

    def _keep(self, path: str, file: File) -> None:
        before = self._files.pop(path, None)
        if before is not None:
            self._let_go(before)
        self._files[path] = file
        self._held += _weight(file)
        while self._held > self._room or self._open_files.are_many:
            self._let_go(self._files.popitem(last=False)[1])

    def _close_what_went(self) -> None:
        """Forget files that the new edition has no more: while they are open the disk keeps them.

        Call it only where no file is about to be answered with.
        """
        for path, file in list(self._files.items()):
            if file.descriptor is not None and not self._stands(path, file):
                self._let_go(self._files.pop(path))

    def _stands(self, path: str, file: File) -> bool:
        try:
            return _mark(os.stat(f"{self._root}/{path}")) == file.mark  # noqa: PTH116  as above
        except OSError:
            return False

    def _let_go(self, file: File) -> None:
        self._held -= _weight(file)
        if file.descriptor is not None:
            self._open_files.release(file.descriptor, file.handed)


def safe(path: str) -> bool:
    """Say whether a path (no slash in front) names something inside an edition.

    Nothing of ours starts with a dot, so one rule keeps out "..", "." and hidden files.
    """
    if "\0" in path or "\\" in path:
        return False
    return all(part and not part.startswith(".") for part in path.split("/"))


def _most_waiting() -> int:
    """Return how many may wait: a quarter of what the machine lets us open; readers need some."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WAITING if most == resource.RLIM_INFINITY else min(WAITING, most // 4)


def _weight(file: File) -> int:
    """Return a bound of what a file takes, packed forms included, that never changes."""
    return len(file.content) * (2 if file.compressible else 1) + OVERHEAD


def _mark(found: os.stat_result) -> tuple[int, int, int]:
    return (found.st_ino, found.st_mtime_ns, found.st_size)
