"""The outbox: every letter is a row here before it is anything else.

A row is queued in the transaction of what it is about. Taking one is an update whose row count
says whether we got it. What a crash leaves taken is looked into before anything is repeated.

A letter has a Message-ID from when it is first taken until it is done with, two days at most. A
repetition has the same one, so that mailboxes can drop it (RFC 7352).
"""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tamizdat.letters import message_ids
from tamizdat.letters.models import Letter
from tamizdat.letters.providers.base import Evidence
from tamizdat.readers.models import UnattendedCopy
from tamizdat.readers.order import in_no_order
from tamizdat.readers.waiting import full_hour_after

State = Letter.State
DUE = (State.QUEUED, State.DEFERRED, State.IN_DOUBT)
DONE = (State.HANDED_OVER, State.REFUSED, State.SUPPRESSED)
NOT_TAKEN = {"taken_by": "", "taken_at": None}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OTHERS_GET = timedelta(minutes=15)  # to finish a letter that another machine took
MOST_ATTEMPTS = 25  # with the pauses between them about three days
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Words:
    """Which letter it is: a template `letters/<template>.…` of the theme, in a language.

    What it shows is sealed with the address. `context` holds only what everybody may read.
    """

    template: str
    language: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a letter goes: sealed to the reader key, and a copy for an unattended key."""

    sealed: bytes | None
    copy: UnattendedCopy | None


def queue(kind: str, about: str, to: Addressed, words: Words, at: datetime) -> Letter:
    """Queue a letter that answers somebody.

    Call it inside the transaction of what it is about. Queueing it again gives the same letter.
    """
    letter, _ = Letter.objects.get_or_create(
        kind=kind,
        about=about,
        defaults={
            "id": in_no_order(),
            "language": words.language,
            "template": words.template,
            "context": dict(words.context),
            "sealed": to.sealed,
            "copy": to.copy,
            "due_at": midnight(at),
            "queued_at": midnight(at),
        },
    )
    return letter


def put_right(at: datetime) -> None:
    """Give letters that a clock queued or put off when it was ahead a time of today.

    Else they wait until that day comes, and what is done lies until then.
    """
    today = midnight(at)
    ahead = Letter.objects.filter(due_at__gt=at + LONGEST_PAUSE + HOUR)
    ahead.update(due_at=today)
    Letter.objects.filter(queued_at__gt=at).update(queued_at=today)


def forget_message_ids(at: datetime) -> None:
    """Forget old Message-IDs of letters that were tried and wait, perhaps for the reader key.

    Together with a relay's log they would say whose letters these are.
    """
    known = Letter.objects.filter(state__in=DUE).exclude(message_id="")
    for begin in message_ids.young(at):
        known = known.exclude(message_id__startswith=begin)
    known.update(message_id="")


def take_next(at: datetime, *, unattended_only: bool) -> Letter | None:
    """Take the next letter that is due, or return None. Answers go before issues.

    Two workers never get the same one: of two updates of a row only one counts.
    """
    due = Letter.objects.filter(state__in=DUE, due_at__lte=at)
    answers = due.filter(subscription__isnull=True)
    if unattended_only:
        due = answers = answers.filter(copy__isnull=False)
    while letter := answers.first() or (None if unattended_only else due.first()):
        sender = settings.NEWSROOM.mail.from_address
        letter.message_id = letter.message_id or message_ids.fresh(sender, at)
        mine = due.filter(pk=letter.pk).update(
            state=State.TAKEN,
            taken_at=at,
            taken_by=machine(),
            attempts=letter.attempts + 1,
            message_id=letter.message_id,
        )
        if mine:
            return letter
    return None


def settle(letter: Letter, state: Letter.State, at: datetime, code: str = "") -> None:
    """Note what became of a letter that was taken.

    Done with, it forgets address, words and Message-ID, and of the time it keeps the day.
    """
    changes: dict[str, Any] = {"state": state, "code": code, **NOT_TAKEN}
    if state == State.DEFERRED and letter.attempts + 1 >= MOST_ATTEMPTS:
        changes["state"] = State.REFUSED
    elif state in (State.DEFERRED, State.IN_DOUBT):
        changes["due_at"] = again_at(letter.attempts, at)
    with transaction.atomic():
        if changes["state"] in DONE:
            changes |= _forgotten(letter)
        Letter.objects.filter(pk=letter.pk).update(**changes)


def _forgotten(letter: Letter) -> dict[str, Any]:
    """Delete a letter's unattended copy, and return the changes that forget the rest."""
    UnattendedCopy.objects.filter(letter__pk=letter.pk).delete()
    day = midnight(letter.queued_at)
    times = {"queued_at": day, "due_at": day, "taken_at": None}
    return {"sealed": None, "context": {}, "message_id": "", **times}


def cannot_open(letter: Letter, at: datetime) -> None:
    """Note that a letter's seal does not open: without its copy it waits for the reader key."""
    if letter.copy_id is None:
        settle(letter, State.REFUSED, at, "sealed")
        return
    UnattendedCopy.objects.filter(pk=letter.copy_id).delete()
    Letter.objects.filter(pk=letter.pk).update(state=State.QUEUED, due_at=midnight(at), **NOT_TAKEN)


def midnight(at: datetime) -> datetime:
    """Return the beginning of the day, which is all that is kept of when a letter was queued."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def again_at(attempts: int, at: datetime) -> datetime:
    """Return when to try again: at a full minute, from an hour on at a full hour.

    A letter that waits long must not tell when somebody sat at their keyboard.
    """
    due = at + pause(attempts)
    return full_minute_after(due) if due < at + HOUR else full_hour_after(due)


def full_minute_after(at: datetime) -> datetime:
    """Return the first full minute from then on."""
    return (at + MINUTE - timedelta(microseconds=1)).replace(second=0, microsecond=0)


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 2, 4, 8 minutes, at most 4 hours."""
    doubled: int = 2 ** min(attempts, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def abandoned(at: datetime) -> QuerySet[Letter]:
    """Return the letters that somebody took and never settled.

    Call it while no other process of this machine sends: then all that this machine took are
    left from a crash. Other machines get a quarter of an hour.
    """
    taken = Letter.objects.filter(state=State.TAKEN)
    return taken.filter(taken_by=machine()) | taken.filter(taken_at__lt=at - OTHERS_GET)


def resolve(letter: Letter, evidence: Evidence, at: datetime) -> None:
    """Settle an abandoned letter by what the carrier can prove. What nobody knows is repeated."""
    if evidence is Evidence.HANDED_OVER:
        settle(letter, State.HANDED_OVER, at)
        return
    known = evidence is Evidence.NOT_HANDED_OVER
    Letter.objects.filter(pk=letter.pk).update(
        state=State.QUEUED if known else State.IN_DOUBT, due_at=midnight(at), **NOT_TAKEN
    )


@transaction.atomic
def suppress(letters: Iterable[int]) -> None:
    """Take letters out that wait, for example of an issue that is stopped."""
    for letter in Letter.objects.select_for_update().filter(pk__in=list(letters), state__in=DUE):
        Letter.objects.filter(pk=letter.pk).update(state=State.SUPPRESSED, **_forgotten(letter))


def machine() -> str:
    """Return the name under which this machine takes letters."""
    return socket.gethostname()[:128]
