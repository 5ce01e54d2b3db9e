"""Replace a file in one step, whoever else writes or reads it at the same moment.

Readers find the whole file before or the whole one after. Each writer has a temporary file of its
own beside the target: of two processes that shared one, one would put half of the other's bytes
in place. The last to finish wins.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{16}\.new")


def replace(path: Path, content: bytes, *, mode: int = 0o600, durable: bool = False) -> None:
    """Make these bytes the content of a file, whether or not it is there.

    Args:
        path: Of the file; its folder must be there.
        content: All of it.
        mode: Who may read it. What stood there before says nothing of that.
        durable: Return only when file and name are on the disk.

    Raises:
        OSError: it cannot be written; what was there before stands.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(handle)
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    if durable:
        _sync(path.parent)


def is_unfinished(name: str) -> bool:
    """Say whether a file's name is of one that `replace` had not finished: it was killed."""
    return bool(_UNFINISHED.fullmatch(name))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
