"""The call keys: with them the till knows whether the counter or the desk is calling."""

import hmac
import logging
import os
import re
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

Caller = Literal["counter", "desk"]

FILES: Mapping[Caller, str] = {"counter": "counter.key", "desk": "till.key"}
VARIABLES: Mapping[Caller, str] = {"counter": "TAMIZDAT_COUNTER_KEY"}
"""The counter's machine may be given its key without a file. The file comes first."""

_KEY = re.compile("[0-9A-Fa-f]{64}")  # as `make_file` writes it

log = logging.getLogger(__name__)


def make(folder: Path) -> None:
    """Make both keys, unless they stand.

    The till holds both, the desk `till.key`, the counter `counter.key`. No call key opens an
    address or the books: each only lets its caller make some of the till's calls.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES.values():
            make_file(folder / name)
    except OSError as error:  # only the till's calls fail, until somebody mends it
        log.warning("The till's call keys cannot be made or read: %s.", error.strerror)


def make_file(path: Path) -> None:
    """Make a file of 256 random bits in hexadecimal, readable by its owner only.

    A file that stands is left alone. The name appears with its whole content: of several
    processes that make it at the same moment one wins, and the others read what it wrote.
    """
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


def header(folder: Path, caller: Caller) -> str:
    """Return the value of the Authorization header, "" where this machine has no such key.

    A file that cannot be read, or holds anything but 256 bits in hexadecimal, is no key: one that
    was cut short could be guessed.
    """
    try:
        key = (folder / FILES[caller]).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = os.environ.get(VARIABLES.get(caller, ""), "").strip()
    except (OSError, ValueError):
        key = ""
    return f"Bearer {key}" if _KEY.fullmatch(key) else ""


def fits(folder: Path, callers: Collection[Caller], given: str) -> bool:
    """Return whether a header holds the key of one of these callers. Without a key nothing fits.

    All keys are compared, each in constant time, so that the time tells nothing.
    """
    fitting = False
    for caller in FILES:
        ours = header(folder, caller)
        same = hmac.compare_digest(ours.encode(), given.encode())
        fitting |= same and bool(ours) and caller in callers
    return fitting
