"""The edition on disk: two trees of hard-linked files, of which `current` names one.

    edition/a/…  edition/b/…  edition/current -> a     what readers get is always `current`

A publication (1) writes the journal: which paths it is going to touch, (2) changes those paths
in the tree that rests, (3) turns `current` by one rename, which is the moment of publication,
(4) makes the other tree equal for the journal's paths, (5) is settled by whoever asked for it.

A crash before (3) leaves the old edition, after it the new one, never a mixture (promise P1).
Either way the tree that rests differs from `current` in the journal's paths at most, so undoing
and finishing are one and the same step: make it equal to `current` there (`recover`). The cost of
all this is that of the paths touched, whatever the size of the archive (promise P3).

Files are shared between the trees by hard links, so nothing here ever opens an existing file
to write: new bytes go into a file of their own, which is renamed into place.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tamizdat.press import manifest
from tamizdat.press.manifest import Entry

Content = bytes | Path | str  # a string: the path of a file that `keep` put aside
LONGEST_NAME = 255  # bytes, on every file system that matters
LOOK_EVERY_S = 0.01  # while another one holds the lock
FILE, FOLDER = 0o644, 0o755  # a web server of another user reads an edition, whatever our umask is
MANY = 64  # from so many files on, one sync of everything is cheaper than one for each


class TreeError(Exception):
    """The edition's folder is not as this module left it, or a path cannot be in it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the next edition changes.

    Attributes:
        writes: What is new or different; a `Path` is a file that is linked or copied, a string one
            that was put aside and is moved.
        known: Hash and length of as many of them as somebody has worked out before.
    """

    number: int
    published: datetime
    writes: Mapping[str, Content]
    removals: frozenset[str]
    known: Mapping[str, Entry] = field(default_factory=dict)


class Tree:
    """An edition's folder. Whoever changes it holds its lock (`locked`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = folder / "current"
        self._journal = folder / "journal.json"
        self._new = folder / ".new"
        self._kept = 0

    @contextmanager
    def locked(self, *, wait: bool, patience: float = 0) -> Iterator[bool]:
        """Hold the publisher's lock, of which there is one; yields whether we have it.

        It ends with the process, however that ends.

        Args:
            wait: For as long as it takes.
            patience: Seconds to wait otherwise.
        """
        open_folder(self.folder)
        with lock(self.folder / ".lock", wait=wait, patience=patience) as ours:
            yield ours

    @property
    def number(self) -> int:
        """The current edition's number, 0 before the first."""
        raw = self.read(manifest.INDEX)
        return 0 if raw is None else manifest.read_index(raw).number

    def read(self, path: str) -> bytes | None:
        """Return a file of the current edition, None if it has none at this path."""
        try:
            return (self.current / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def recover(self) -> tuple[str, ...]:
        """Undo or finish what a crash left, and return the paths that were touched then.

        The journal stays until `settle`, so that who keeps books about the edition can set them
        right first; a crash in between only makes this happen again.
        """
        self._prepare()
        self.sweep()
        if not self._journal.exists():
            return ()
        paths = tuple(json.loads(self._journal.read_bytes())["paths"])
        self._make_equal(paths)
        return paths

    def switch(self, draft: Draft) -> None:
        """Publish a draft. Call `recover` before, `settle` after.

        Raises:
            TreeError: a path leads out of the tree, or is the manifest's own.
        """
        for path in (*draft.writes, *draft.removals):
            _refuse_strange(path)
        resting, gone = self._resting(), draft.removals - draft.writes.keys()
        written = {
            path: draft.known.get(path) or _entry(content) for path, content in draft.writes.items()
        }
        own = manifest.revise(self.read, written, gone, draft.number, draft.published)
        paths = sorted({*draft.writes, *gone, *own})
        self._write_journal(draft.number, paths)
        for path, content in draft.writes.items():
            self._put(resting, path, content)
        for path in gone:
            _drop(resting, path)
        for path, raw in own.items():
            self._put(resting, path, raw) if raw is not None else _drop(resting, path)
        _make_durable(resting, paths)
        self._turn(resting.name)
        self._make_equal(paths)

    def keep(self, content: bytes) -> str:
        """Put bytes aside and return where: for a draft, or until `recover` tidies them away."""
        path = self._fresh()
        _write(path, content)
        return path

    def sweep(self) -> None:
        """Forget what was put aside: it was for an edition that is not made."""
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir()

    def _fresh(self) -> str:
        """Return the path of a file that is not there, also not of another process of ours."""
        self._kept += 1
        return f"{self._new}/{os.getpid()}-{self._kept}"

    def settle(self) -> None:
        """Forget the last publication: all books agree with it."""
        self._journal.unlink(missing_ok=True)
        _sync(self.folder)

    def _prepare(self) -> None:
        for name in ("a", "b"):
            open_folder(self.folder / name)
        if not self.current.is_symlink():
            if self.current.exists():
                raise TreeError(f"{self.current} is not ours: it must be a link to a or b")
            self._turn("a")

    def _resting(self) -> Path:
        name = str(self.current.readlink())
        if name not in ("a", "b"):
            raise TreeError(f"{self.current} leads to {name!r}, not to a or b")
        return self.folder / ("b" if name == "a" else "a")

    def _write_journal(self, number: int, paths: list[str]) -> None:
        raw = json.dumps({"number": number, "paths": paths}).encode()
        fresh = Path(self._fresh())
        _write(fresh, raw)
        _sync(fresh)
        fresh.replace(self._journal)
        _sync(self.folder)

    def _put(self, tree: Path, path: str, content: Content) -> None:
        """Put a file into a tree, in one step. Paths are strings: this is done for every file."""
        if isinstance(content, str):
            fresh = content
        else:
            fresh = self._fresh()
            _write(fresh, content) if isinstance(content, bytes) else _link(content, fresh)
        target = f"{tree}/{path}"
        try:
            os.replace(fresh, target)  # noqa: PTH105  a fifth of Path's time
        except FileNotFoundError:
            open_folder(Path(target).parent)
            os.replace(fresh, target)  # noqa: PTH105
        if isinstance(content, Path):
            # Of two names of one file rename leaves both, and what is withdrawn must not stay here.
            with suppress(FileNotFoundError):
                os.unlink(fresh)  # noqa: PTH108

    def _turn(self, name: str) -> None:
        fresh = self.folder / ".current"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(name)
        fresh.replace(self.current)
        _sync(self.folder)

    def _make_equal(self, paths: Iterable[str]) -> None:
        resting, current = self._resting(), self.current.resolve()
        for path in paths:
            try:
                self._put(resting, path, current / path)
            except OSError:
                if (current / path).is_file():
                    raise
                _drop(resting, path)


@contextmanager
def lock(at: Path, *, wait: bool, patience: float = 0) -> Iterator[bool]:
    """Hold the lock that a file stands for; yields whether we have it. See `Tree.locked`."""
    until = time.monotonic() + patience
    with at.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                if time.monotonic() >= until:
                    yield False
                    return
                time.sleep(LOOK_EVERY_S)
                continue
            yield True
            return


def open_folder(folder: Path) -> None:
    """Make a folder that others may read, and those above it that are missing."""
    missing = [folder] if not folder.exists() else []
    while missing and not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        each.chmod(FOLDER)


def can_stand(path: str) -> bool:
    """Say whether a file of an edition can stand at a path, on every file system that matters."""
    parts = path.split("/")
    return not manifest.is_own(path) and all(map(_is_name, parts))


def _is_name(part: str) -> bool:
    try:
        long = len(part.encode()) > LONGEST_NAME
    except UnicodeEncodeError:
        return False
    return not long and part not in ("", ".", "..") and "\0" not in part


def _refuse_strange(path: str) -> None:
    if not can_stand(path):
        raise TreeError(f"no leaf can stand at {path!r}")


def _entry(content: Content) -> Entry:
    if isinstance(content, bytes):
        return manifest.entry(content)
    digest = sha256()
    with Path(content).open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return Entry(digest.hexdigest(), Path(content).stat().st_size)


def _write(path: str | Path, raw: bytes) -> None:
    """Write a file that is not there yet, in a third of the system calls of Python's own way."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE)
    try:
        os.fchmod(handle, FILE)
        rest = memoryview(raw)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def _link(source: Path, target: str) -> None:
    """Link a file, or copy it where a link cannot be: another disk, a file system without.

    Raises:
        FileExistsError: the target is there; to copy would write into what may be a reader's file.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(source, target)
    os.chmod(target, FILE)  # noqa: PTH101  a picture came from a folder that only we may read


def _drop(tree: Path, path: str) -> None:
    """Remove a file and the folders that it leaves empty."""
    target = tree / path
    with suppress(FileNotFoundError, NotADirectoryError):
        target.unlink()
    for folder in target.parents:
        if folder == tree:
            return
        try:
            folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            return


def _make_durable(tree: Path, paths: list[str]) -> None:
    """Return when the files and their names are on the disk, not only in its cache."""
    if len(paths) >= MANY:
        os.sync()
        return
    folders = {tree, *(folder for path in paths for folder in (tree / path).parents)}
    for path in paths:
        if (tree / path).is_file():
            _sync(tree / path)
    for folder in sorted(folders):
        if folder.is_relative_to(tree) and folder.is_dir():
            _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
