"""The key with which the desk asks the till for sums, which nobody else may see."""

import hmac
import os
import secrets
from pathlib import Path

NAME = "till.key"


def make(folder: Path) -> None:
    """Make the key, unless it stands. Desk and till hold the same one; the counter has none."""
    path = folder / NAME
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))


def header(folder: Path) -> str:
    """Return the value of the Authorization header, "" where this machine has no key."""
    path = folder / NAME
    return f"Bearer {path.read_text(encoding='ascii').strip()}" if path.is_file() else ""


def fits(folder: Path, given: str) -> bool:
    """Return whether a header holds our key. Without a key nothing fits."""
    ours = header(folder)
    return bool(ours) and hmac.compare_digest(ours.encode(), given.encode())
