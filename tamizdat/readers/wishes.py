"""What sealed records wish for, and who answers which kind.

A handler sees what is wished and never the address: only `letters.delivery` knows it. It says
which letters go there, and what remains of the record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


class NotNowError(Exception):
    """The wish cannot be answered at this moment; the record stays as it is."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An opened record without its address.

    `mailbox` is equal for wishes of one address. While the reader key is unlocked (`attended`) it
    is the tag by which the reader on record is found. `limit` is equal for all spellings of a
    mailbox, plus-addresses too: whoever limits letters must ask it. `again` says that its owner
    pressed the button in our letter.
    """

    id: UUID
    kind: str
    language: str
    details: Mapping[str, Any] = field(repr=False)
    again: bool = False
    mailbox: str = field(default="", repr=False)
    limit: str = field(default="", repr=False)
    attended: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A letter to the address of a wish: a template, and what it shows."""

    template: str
    shown: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows of a wish: letters, and the details that remain; None deletes the record.

    `forget_all` deletes everything else that is sealed with the same address, too.
    """

    letters: tuple[Reply, ...] = ()
    keep: Mapping[str, Any] | None = field(default=None, repr=False)
    forget_all: bool = False


Handler = Callable[[Wish, Sequence[Wish], datetime], Answer]

_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Let `handler` answer wishes of a kind. Each app does this once, when it starts.

    It gets the wish, the other wishes of the same mailbox (`limit`) or contribution that are open
    now, and the time. It runs inside one transaction with what follows of its answer.
    """
    _handlers[kind] = handler


def handler(kind: str) -> Handler | None:
    """Return who answers this kind, or None."""
    return _handlers.get(kind)
