"""The mailbox on screen: what its transport wrote, read back at the desk."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from tamizdat.lib.newsroom import Newsroom

SHOWN = 200
KEPT_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Kept:
    """One letter as it would have arrived."""

    name: str
    sender: str
    recipient: str
    subject: str
    at: datetime | None
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def newest(folder: Path) -> list[Kept]:
    """Return the newest letters, newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_read(path) for path in files[:SHOWN]]


def one(folder: Path, name: str) -> Kept | None:
    """Return the letter in a file of the mailbox, by the file's name without its ending."""
    path = folder / f"{name}.eml"
    return _read(path) if name.isalnum() and path.is_file() else None


def forget(newsroom: Newsroom, at: datetime) -> int:
    """Delete letters that were written 48 hours ago or earlier, and return how many.

    They hold addresses and links in the clear. A demonstration keeps its letters: they are
    invented, and its clock is moved by months. What a killed process left half written goes, too.
    """
    if newsroom.demonstration:
        return 0
    before = (at - KEPT_FOR).timestamp()
    files = (newsroom.data / "mailbox").glob("*")
    old = [file for file in files if _written(file) <= before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _written(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf  # it got its name just now


def _read(path: Path) -> Kept:
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    date = message["Date"]
    return Kept(
        name=path.stem,
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        at=date.datetime if date is not None else None,
        headers=tuple(_technical(message.items())),
        text=_half(message, "plain"),
        html=_half(message, "html"),
    )


def _half(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""


def _technical(items: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    plain = {"from", "to", "subject", "date"}
    return ((name, str(value)) for name, value in items if name.lower() not in plain)
