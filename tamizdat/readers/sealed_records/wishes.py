"""What sealed records wish for, and who answers which kind.

A handler sees what is wished and never the address: only `letters.delivery` knows it. It says
which letters go there, and what remains of the record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

MOST = (
    3  # letters to a mailbox before its owner presses a button, unless a kind says another number
)


class NotNowError(Exception):
    """The wish cannot be answered at this moment; the record stays as it is."""


class AllWaitError(NotNowError):
    """No wish of this kind can be answered at this moment: to ask again would only cost time."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An opened record without its address.

    `mailbox` is equal for wishes of one address. While the reader key is unlocked (`attended`) it
    is the tag by which the reader on record is found. `limit` is equal for all spellings of a
    mailbox, plus-addresses too: whoever limits letters must ask it. `again` says that its owner
    pressed the button in our letter, `stopped` that they want nothing more in this mailbox. That we
    may write to it stands in `details`, of kinds that ask for it (`welcomed`).

    `compared` says that every reader on record with its address is found by the tag: one whose
    comparing failed has none yet.

    `remaining` is how many letters may still go there before its owner presses a button,
    `unanswered` how many went there since.
    """

    id: UUID
    kind: str
    language: str
    details: Mapping[str, Any] = field(repr=False)
    again: bool = False
    mailbox: str = field(default="", repr=False)
    limit: str = field(default="", repr=False)
    attended: bool = False
    stopped: bool = False
    compared: bool = True
    remaining: int = 1
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """A letter to the address of a wish: a template, and what it shows.

    `asked` says that its owner pressed a button for it, or spoke to the desk: it is not counted.
    """

    template: str
    shown: Mapping[str, Any] = field(repr=False)
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows of a wish: letters, and the details that remain; None deletes the record.

    `forget_all` deletes everything else that is sealed with the same address, too.
    """

    letters: tuple[Reply, ...] = ()
    keep: Mapping[str, Any] | None = field(default=None, repr=False)
    forget_all: bool = False


Handler = Callable[[Wish, Sequence[Wish], datetime], Answer]
Welcome = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Over = Callable[[Mapping[str, Any], date], bool]

ALL = ""  # the budget of letters that kinds share which have none of their own

_handlers: dict[str, Handler] = {}
_budgets: dict[str, int] = {}
_welcomes: dict[str, Welcome] = {}
_overs: dict[str, Over] = {}


def register(
    kind: str,
    handler: Handler,
    *,
    letters: int | None = None,
    welcome: Welcome | None = None,
    over: Over | None = None,
) -> None:
    """Let `handler` answer wishes of a kind. Each app does this once, when it starts.

    It gets the wish, the other wishes of the same mailbox (`limit`) or contribution that are open
    now, and the time. It runs inside one transaction with what follows of its answer. A kind may
    have a number of letters of its own that go to a mailbox before a button is pressed. `welcome`
    returns the details of a wish once the owner of its mailbox said that we may write to it. `over`
    says whether a wish ends on a day on which its handler cannot answer.
    """
    _handlers[kind] = handler
    if over is not None:
        _overs[kind] = over
    if welcome is not None:
        _welcomes[kind] = welcome
    if letters is not None:
        _budgets[kind] = letters


def budget(kind: str) -> str:
    """Return the name of the budget from which letters of a kind are taken."""
    return kind if kind in _budgets else ALL


def budgets() -> tuple[str, ...]:
    """Return the names of all budgets."""
    return (ALL, *_budgets)


def most(budget: str) -> int:
    """Return how many letters of a budget go to a mailbox before its owner presses a button."""
    return _budgets.get(budget, MOST)


def welcomed(kind: str, details: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the details of a wish once its mailbox's owner said that we may write to it.

    They are what they were, where the wish does not ask for that.
    """
    welcome = _welcomes.get(kind)
    return details if welcome is None else welcome(details)


def is_over(kind: str, details: Mapping[str, Any], day: date) -> bool:
    """Say whether a wish ends on this day, although its handler cannot answer."""
    over = _overs.get(kind)
    return over is not None and over(details, day)


def handler(kind: str) -> Handler | None:
    """Return who answers this kind, or None."""
    return _handlers.get(kind)
