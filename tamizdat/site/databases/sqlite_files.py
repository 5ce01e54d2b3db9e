"""What is wrong with the files of an SQLite database: damaged, closed to us, on a full disk.

No file of a database is opened here but by SQLite: a process that closes one lets go of all the
locks that SQLite holds on it (sqlite.org/howtocorrupt.html).
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

ENOUGH = 65_536  # bytes that must fit beside the file before it is said to be writable
BESIDE = ("-wal", "-shm")
OF_AN_INDEX = "inverted index for FTS"  # as SQLite 3.44 says it


def files(path: Path) -> Iterator[Path]:
    """Yield the file of a database and those that SQLite keeps beside it, where they are there."""
    for each in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        if os.access(each, os.F_OK):
            yield each


def is_missing(path: Path) -> bool:
    """Say whether there is no such file; what is out of reach may be there."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def is_closed(path: Path) -> bool:
    """Say whether this user may not read and write it, though the disk can be written."""
    return not _is_read_only(path.parent) and any(
        not os.access(each, os.R_OK | os.W_OK) for each in files(path)
    )


def is_writable(path: Path) -> bool:
    """Say whether it may be written, and has room beside it."""
    try:
        with tempfile.TemporaryFile(dir=path.parent) as beside:
            beside.write(bytes(ENOUGH))
            beside.flush()
    except OSError:
        return False
    return os.access(path, os.W_OK)


def is_whole(path: Path) -> bool:
    """Read all of it, and say whether it holds together. What cannot be opened may be whole.

    A damaged index of FTS5, which newer versions of SQLite name, is not the database's damage.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            found = [said for (said,) in opened.execute("PRAGMA quick_check")]
            return all(said == "ok" or OF_AN_INDEX in said for said in found)
    except sqlite3.Error as error:
        return error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def version(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is replaced; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _is_read_only(folder: Path) -> bool:
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False
