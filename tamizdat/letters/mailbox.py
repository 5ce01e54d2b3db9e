"""The mailbox on screen: what its carrier wrote, read back at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

SHOWN = 200


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
