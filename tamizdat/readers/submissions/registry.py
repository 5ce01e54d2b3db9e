"""Submissions as the desk sees them, and who acts on which kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


class UnreadableError(Exception):
    """Our counter makes no such submission; it is thrown away. Never put content in it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What the counter took in. `payload` was written by the public side: trust nothing in it."""

    id: UUID
    kind: str
    day: date
    payload: Mapping[str, Any]

    def text(self, name: str, longest: int = 256) -> str:
        """Return a text of the payload.

        Raises:
            UnreadableError: it is missing, no text, empty or too long.
        """
        value = self.payload.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise UnreadableError(f"{self.kind}: {name}")
        return value


Handler = Callable[[Submission, datetime], None]

_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Let `handler` act on every submission of a kind. Each app does this once, when it starts.

    The handler runs inside one transaction on the desk's database, together with the note that
    the submission was collected. It may run again for the same submission only if that transaction
    was rolled back. It raises UnreadableError for what it will never understand.
    """
    _handlers[kind] = handler


def kinds() -> list[str]:
    """Return the kinds that somebody acts on."""
    return list(_handlers)


def handler(kind: str) -> Handler | None:
    """Return who acts on this kind, or None."""
    return _handlers.get(kind)
