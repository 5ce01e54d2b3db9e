"""How files of an edition are written, linked, dropped and put on the disk.

Files are shared between the trees by hard links, so nothing here ever opens an existing file to
write.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FILE, FOLDER = 0o644, 0o755  # a web server of another user reads an edition, whatever our umask is
MANY = 64  # from so many files on, one sync of everything is cheaper than one for each


def open_folder(folder: Path) -> None:
    """Make a folder that others may read, and those above it that are missing."""
    missing = [folder] if not folder.exists() else []
    while missing and not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        each.chmod(FOLDER)


def open_way(tree: Path, path: str) -> None:
    """Let others read the folders that lead to a file: who made them may have died before."""
    for folder in (tree / path).parents:
        if folder == tree:
            return
        if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) != FOLDER:
            folder.chmod(FOLDER)


def paths_in(root: Path) -> Iterator[str]:
    """Yield the path of each file of a tree."""
    for folder, _, names in os.walk(root):
        within = os.path.relpath(folder, root)
        yield from names if within == "." else (f"{within}/{name}" for name in names)


def read_file(path: Path) -> bytes | None:
    """Return a file's content, None if there is no such file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write(path: str | Path, raw: bytes) -> None:
    """Write a file that is not there yet, in a third of the system calls of Python's own way."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE)
    try:
        os.fchmod(handle, FILE)
        rest = memoryview(raw)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def link(source: Path, target: str) -> None:
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


def drop(tree: Path, path: str) -> None:
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


def make_durable(tree: Path, paths: list[str]) -> None:
    """Return when the files and their names are on the disk, not only in its cache."""
    if len(paths) >= MANY:
        os.sync()
        return
    folders = {tree, *(folder for path in paths for folder in (tree / path).parents)}
    for path in paths:
        if (tree / path).is_file():
            sync(tree / path)
    for folder in sorted(folders):
        if folder.is_relative_to(tree) and folder.is_dir():
            sync(folder)


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
