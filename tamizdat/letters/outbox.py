"""The outbox: every letter is a row here before it is anything else.

A row is queued in the transaction of what it is about. Taking one is an update whose row count
says whether we got it. What a crash leaves taken is looked into before anything is repeated.
"""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tamizdat.letters.message_ids import message_id
from tamizdat.letters.models import Letter
from tamizdat.letters.providers.base import Evidence

State = Letter.State
DUE = (State.QUEUED, State.DEFERRED, State.IN_DOUBT)
DONE = (State.HANDED_OVER, State.REFUSED, State.SUPPRESSED)
OTHERS_GET = timedelta(minutes=15)  # to finish a letter that another machine took
GIVE_UP_AFTER = timedelta(days=3)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: a template `letters/<template>.…` of the theme, and what it shows.

    `context` must be JSON, and is wiped with the address when the letter is done with.
    """

    template: str
    language: str
    context: Mapping[str, Any]


def queue(kind: str, about: str, sealed: bytes, words: Words, at: datetime) -> Letter:
    """Queue a letter to an address that is sealed to the errand key.

    Call it inside the transaction of what it is about. Queueing it again gives the same letter.
    """
    letter, _ = Letter.objects.get_or_create(
        kind=kind,
        about=about,
        defaults={
            "language": words.language,
            "template": words.template,
            "context": dict(words.context),
            "sealed": sealed,
            "message_id": message_id_of(kind, about),
            "due_at": at,
            "queued_at": at,
        },
    )
    return letter


def message_id_of(kind: str, about: str) -> str:
    """Return the Message-ID of a letter of this newsroom."""
    newsroom = settings.NEWSROOM
    return message_id(newsroom.keys, newsroom.mail.from_address, kind, about)


def take_next(at: datetime, *, errands_only: bool) -> Letter | None:
    """Take the next letter that is due, or return None. Errands go before issues.

    Two workers never get the same one: of two updates of a row only one counts.
    """
    waiting = Letter.objects.filter(state__in=DUE, due_at__lte=at)
    errands = waiting.filter(sealed__isnull=False)
    while letter := errands.first() or (None if errands_only else waiting.first()):
        mine = waiting.filter(pk=letter.pk).update(
            state=State.TAKEN,
            taken_at=at,
            taken_by=machine(),
            attempts=letter.attempts + 1,
        )
        if mine:
            return letter
    return None


def settle(letter: Letter, state: Letter.State, at: datetime, code: str = "") -> None:
    """Note what became of a letter that was taken. Done with, it forgets address and words."""
    changes: dict[str, Any] = {"state": state, "code": code, "taken_by": ""}
    if state == State.DEFERRED and at - letter.queued_at >= GIVE_UP_AFTER:
        changes["state"] = State.REFUSED
    elif state in (State.DEFERRED, State.IN_DOUBT):
        changes["due_at"] = at + pause(letter.attempts)
    if changes["state"] in DONE:
        changes |= {"sealed": None, "context": {}}
    Letter.objects.filter(pk=letter.pk).update(**changes)


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
        state=State.QUEUED if known else State.IN_DOUBT, due_at=at, taken_by=""
    )


@transaction.atomic
def suppress(letters: Iterable[int]) -> None:
    """Take letters out that wait, for example of an issue that is stopped."""
    Letter.objects.filter(pk__in=list(letters), state__in=DUE).update(
        state=State.SUPPRESSED, sealed=None, context={}
    )


def machine() -> str:
    """Return the name under which this machine takes letters."""
    return socket.gethostname()[:128]
