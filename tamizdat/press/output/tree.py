"""The edition on disk: two trees of hard-linked files, of which `current` names one.

    edition/a/…  edition/b/…  edition/current -> a     what readers get is always `current`

A publication (1) writes the journal: which paths it is going to touch, (2) changes those paths
in the tree that rests, (3) turns `current` by one rename, which is the moment of publication,
(4) makes the other tree equal for the journal's paths, (5) is settled by whoever asked for it.

A crash before (3) leaves the old edition, after it the new one, never a mixture (promise P1).
Either way the tree that rests differs from `current` in the journal's paths at most, so undoing
and finishing are one and the same step: make it equal to `current` there (`recover`). The cost of
all this is that of the paths touched, whatever the size of the archive (promise P3).

Files are shared between the trees by hard links, so no file is ever written in place: new bytes go
into a file of their own, which is renamed into place.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tamizdat.lib.filelock import lock, taken_at
from tamizdat.press.output import manifest
from tamizdat.press.output.manifest import Entry
from tamizdat.press.output.tree_files import (
    drop,
    link,
    make_durable,
    open_folder,
    open_way,
    paths_in,
    read_file,
    sync,
    write,
)

Content = bytes | Path | str  # a string: the path of a file that `keep` put aside
LONGEST_NAME = 255  # bytes, on every file system that matters


class TreeError(Exception):
    """The edition's folder is not as this module left it, or a path cannot be in it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the next edition changes.

    Attributes:
        writes: What is new or different; a `Path` is a file that is linked or copied, a string one
            that was put aside and is moved.
        known: Hash and length of as many of them as somebody has worked out before.
        anew: Whether the manifest is made from the edition's files: the one before is damaged.
    """

    number: int
    published: datetime
    writes: Mapping[str, Content]
    removals: frozenset[str]
    known: Mapping[str, Entry] = field(default_factory=dict)
    anew: bool = False


class Tree:
    """An edition's folder. Whoever changes it holds its lock (`locked`).

    Nothing in it is believed: what it says of itself (the journal, the link, the manifest) may be
    torn, empty or of another version. `is_sure` says whether `recover` found it as this module
    leaves it; if not, all of it should be printed again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = folder / "current"
        self._journal = folder / "journal.json"
        self._new = folder / ".new"
        self._lock = folder / ".lock"
        self._kept = 0
        self.is_sure = True

    @contextmanager
    def locked(self, *, wait: bool, patience: float = 0) -> Iterator[bool]:
        """Hold the publisher's lock, of which there is one; yields whether we have it.

        It ends with the process, however that ends.

        Args:
            wait: For as long as it takes.
            patience: Seconds to wait otherwise.
        """
        open_folder(self.folder)
        with lock(self._lock, wait=wait, patience=patience) as held:
            yield held is not None

    @property
    def locked_at(self) -> datetime | None:
        """When the lock was taken last, by the machine's clock."""
        return taken_at(self._lock)

    @property
    def number(self) -> int:
        """The current edition's number; 0 before the first, and if it cannot be read."""
        return _number(self.current)

    def read(self, path: str) -> bytes | None:
        """Return a file of the current edition, None if it has none at this path."""
        return read_file(self.current / path)

    def recover(self) -> tuple[str, ...]:
        """Undo or finish what a crash left, and return the paths that were touched then.

        The journal stays until `settle`, so that who keeps books about the edition can set them
        right first; a crash in between only makes this happen again.
        """
        self.is_sure = True
        self._prepare()
        self.sweep()
        paths = self._touched()
        self._make_equal(paths)
        for path in paths:
            for tree in ("a", "b"):
                open_way(self.folder / tree, path)
        resting, current = self._resting(), self.current.resolve()
        if read_file(resting / manifest.INDEX) != read_file(current / manifest.INDEX):
            self.is_sure = False
            if not _number(current) and _number(resting):
                self._turn(resting.name)  # readers get something, until all is printed again
        if not self.is_sure:
            self.mirror()
        return paths

    def _touched(self) -> tuple[str, ...]:
        """Return the paths in the journal; none if there is no journal, or none to believe."""
        try:
            said = json.loads(self._journal.read_bytes())["paths"]
        except FileNotFoundError:
            return ()
        except (ValueError, KeyError, TypeError):
            said = None
        if isinstance(said, list) and all(
            isinstance(path, str) and _is_ours(path) for path in said
        ):
            return tuple(said)
        self.is_sure = False
        return ()

    def mirror(self) -> None:
        """Make the tree that rests wholly equal to the current one, file by file."""
        resting, current = self._resting(), self.current.resolve()
        there, wanted = set(paths_in(resting)), set(paths_in(current))
        for path in sorted(there - wanted):
            drop(resting, path)
        for path in sorted(wanted):
            if path not in there or not (resting / path).samefile(current / path):
                self._put(resting, path, current / path)

    def has_whole_manifest(self, *, deep: bool) -> bool:
        """Say whether index and bins are as they were written; by their length only, or `deep`."""
        try:
            raw = read_file(self.current / manifest.INDEX)
            bins = manifest.read_index(raw).bins if raw is not None else {}
        except manifest.ManifestError:
            return False
        return all(self._has_bin(name, of, deep=deep) for name, of in bins.items())

    def _has_bin(self, name: str, of: Entry, *, deep: bool) -> bool:
        path = self.current / manifest.bin_path(name)
        if deep:
            raw = read_file(path)
            return raw is not None and manifest.entry(raw) == of
        return path.is_file() and path.stat().st_size == of.size

    def switch(self, draft: Draft) -> None:
        """Publish a draft. Call `recover` before, `settle` after.

        Raises:
            TreeError: a path leads out of the tree, or is the manifest's own.
            ManifestError: the manifest is damaged; nothing has changed.
        """
        for path in (*draft.writes, *draft.removals):
            _refuse_strange(path)
        resting, gone = self._resting(), draft.removals - draft.writes.keys()
        written = {
            path: draft.known.get(path) or _entry(content) for path, content in draft.writes.items()
        }
        if draft.anew:
            own = self._manifest_anew(written, gone, draft)
        else:
            own = manifest.revise(self.read, written, gone, draft.number, draft.published)
        paths = sorted({*draft.writes, *gone, *own})
        self._write_journal(draft.number, paths)
        for path, content in draft.writes.items():
            self._put(resting, path, content)
        for path in gone:
            drop(resting, path)
        for path, raw in own.items():
            self._put(resting, path, raw) if raw is not None else drop(resting, path)
        make_durable(resting, paths)
        self._turn(resting.name)
        self._make_equal(paths)

    def _manifest_anew(
        self, written: Mapping[str, Entry], gone: Iterable[str], draft: Draft
    ) -> dict[str, bytes | None]:
        """Return the manifest of all files that the edition is going to have. It reads them all."""
        root = self.current.resolve()
        there = set(paths_in(root))
        old = {path for path in there if manifest.is_own(path)}
        kept = {path: _entry(root / path) for path in there - old - written.keys() - set(gone)}
        every = kept | dict(written)
        new = manifest.revise(lambda _path: None, every, (), draft.number, draft.published)
        return {**dict.fromkeys(old), **new}

    def keep(self, content: bytes) -> str:
        """Put bytes aside and return where: for a draft, or until `recover` tidies them away."""
        path = self._fresh()
        write(path, content)
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
        """Forget the last publication: all rows agree with it."""
        self._journal.unlink(missing_ok=True)
        sync(self.folder)

    def _prepare(self) -> None:
        for name in ("a", "b"):
            open_folder(self.folder / name)
        if self.current.is_symlink():
            if str(self.current.readlink()) in ("a", "b"):
                return
            self.is_sure = False
        elif self.current.exists():
            raise TreeError(f"{self.current} is not ours: it must be a link to a or b")
        self._turn(max(("a", "b"), key=lambda name: _number(self.folder / name)))

    def _resting(self) -> Path:
        name = str(self.current.readlink())
        if name not in ("a", "b"):
            raise TreeError(f"{self.current} leads to {name!r}, not to a or b")
        return self.folder / ("b" if name == "a" else "a")

    def _write_journal(self, number: int, paths: list[str]) -> None:
        raw = json.dumps({"number": number, "paths": paths}).encode()
        fresh = Path(self._fresh())
        write(fresh, raw)
        sync(fresh)
        fresh.replace(self._journal)
        sync(self.folder)

    def _put(self, tree: Path, path: str, content: Content) -> None:
        """Put a file into a tree, in one step. Paths are strings: this is done for every file."""
        if isinstance(content, str):
            fresh = content
        else:
            fresh = self._fresh()
            write(fresh, content) if isinstance(content, bytes) else link(content, fresh)
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
        sync(self.folder)

    def _make_equal(self, paths: Iterable[str]) -> None:
        resting, current = self._resting(), self.current.resolve()
        for path in paths:
            try:
                self._put(resting, path, current / path)
            except OSError:
                if (current / path).is_file():
                    raise
                drop(resting, path)


def _number(root: Path) -> int:
    raw = read_file(root / manifest.INDEX)
    try:
        return 0 if raw is None else manifest.read_index(raw).number
    except manifest.ManifestError:
        return 0


def _is_ours(path: str) -> bool:
    return (manifest.is_own(path) and ".." not in path) or can_stand(path)


def can_stand(path: str, longest: int = LONGEST_NAME) -> bool:
    """Say whether a file of an edition can stand at a path; `longest` is a name's, in bytes."""
    return not manifest.is_own(path) and all(_is_name(part, longest) for part in path.split("/"))


def longest_name(folder: Path) -> int:
    """Return how long a file's name can be in a folder, in bytes: some encrypt, and have less."""
    try:
        return min(LONGEST_NAME, os.pathconf(folder, "PC_NAME_MAX"))
    except OSError:
        return LONGEST_NAME


def _is_name(part: str, longest: int) -> bool:
    try:
        long = len(part.encode()) > longest
    except UnicodeEncodeError:
        return False
    return not long and part not in ("", ".", "..") and "\0" not in part


def _refuse_strange(path: str) -> None:
    if not can_stand(path):
        raise TreeError(f"no output file can stand at {path!r}")


def _entry(content: Content) -> Entry:
    if isinstance(content, bytes):
        return manifest.entry(content)
    digest = sha256()
    with Path(content).open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return Entry(digest.hexdigest(), Path(content).stat().st_size)
