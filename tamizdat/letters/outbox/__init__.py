"""The outbox: every letter is a row here before it is anything else.

A row is queued in the transaction of what it is about. Taking one is an update whose row count
says whether we got it; so is everything that is noted of it afterwards. A process whose letter was
taken over by another one notes nothing. What a crash leaves taken is looked into before anything
is repeated.

A letter has a Message-ID from when it is first taken until it is done with, two days at most. A
repetition has the same one, so that mailboxes can drop it (RFC 7352).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tamizdat.letters.models import Letter
from tamizdat.letters.outbox import message_ids, single_sender
from tamizdat.letters.providers.base import Evidence
from tamizdat.readers.models import UnattendedCopy
from tamizdat.readers.privacy.order import in_no_order
from tamizdat.readers.sealed_records.store import full_hour_after

State = Letter.State
DUE = (State.QUEUED, State.DEFERRED)
IN_HAND = (State.TAKEN, State.LEAVING)
ANSWER = "answer"  # kind of all letters that answered somebody, once they are done with
NOT_ANSWERS = ("issue", "alert")  # of whom the newsroom knows anyway that they get them
DONE = (State.HANDED_OVER, State.REFUSED, State.SUPPRESSED, State.IN_DOUBT)
NOT_TAKEN = {"taken_by": "", "taken_at": None}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# A letter that another machine took and did not settle in this time is left from a crash. The
# longest that a letter may take is shorter: `providers.line.Patience`.
OTHERS_GET = timedelta(minutes=15)
MOST_ATTEMPTS = 25  # with the pauses between them about three days
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=4)
#: By kind of letter, what is called when one of them was handed over.
_handed_over: dict[str, Callable[[Letter], None]] = {}


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


def on_handed_over(kind: str, call: Callable[[Letter], None]) -> None:
    """Have a function called when a letter of this kind was handed over.

    It is called in the transaction that notes this, with the letter as it was before: the row
    has forgotten what it was about. If it fails, nothing is noted.
    """
    _handed_over[kind] = call


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


def take_next(
    at: datetime,
    *,
    unattended_only: bool,
    without: Collection[int] = (),
    now: datetime | None = None,
) -> Letter | None:
    """Take the next letter that is due, or return None. Answers go before issues.

    Two workers never get the same one: of two updates of a row only one counts.

    Args:
        at: When the round began: what is due then is due.
        unattended_only: Take only what an unattended key opens.
        without: Issues whose letters are to wait.
        now: The time of the claim, which others judge its age by; `at` if None.
    """
    due = Letter.objects.filter(state__in=DUE, due_at__lte=at)
    answers = due.filter(subscription__isnull=True)
    if unattended_only:
        due = answers = answers.filter(copy__isnull=False)
    if without:
        due = due.exclude(issue__in=without, kind="issue")
    sender = settings.NEWSROOM.mail.from_address
    while letter := answers.first() or (None if unattended_only else due.first()):
        letter.taken_by, letter.taken_at = single_sender.name(), now or at
        letter.message_id = letter.message_id or message_ids.fresh(sender, at)
        mine = due.filter(pk=letter.pk).update(
            state=State.TAKEN,
            taken_at=letter.taken_at,
            taken_by=letter.taken_by,
            attempts=letter.attempts + 1,
            message_id=letter.message_id,
        )
        if mine:
            return letter
    return None


def any_waits(*, unattended_only: bool) -> bool:
    """Say whether a letter waits that will be tried without a hand, now or later."""
    waiting = Letter.objects.filter(state__in=DUE)
    return (waiting.filter(copy__isnull=False) if unattended_only else waiting).exists()


def leave(letter: Letter, now: datetime) -> bool:
    """Note that a letter's end is about to be sent, and renew our claim.

    Return False if the letter is not ours any more: then it must not leave.
    """
    mine = _ours(letter).filter(state=State.TAKEN).update(state=State.LEAVING, taken_at=now)
    letter.taken_at = now
    return bool(mine)


def settle(
    letter: Letter, state: Letter.State, at: datetime, code: str = "", *, gives_up: bool = True
) -> bool:
    """Note what became of a letter that we took, and return whether it was still ours to say.

    Done with, it forgets address, words and Message-ID, and of the time it keeps the day. One in
    doubt is repeated once. One that was deferred so often that three days went by is refused,
    unless it never `gives_up`: then what keeps it is not its own fault.
    """
    state, doubts = _decided(letter, state, gives_up=gives_up)
    changes: dict[str, Any] = {"state": state, "code": code, "doubts": doubts, **NOT_TAKEN}
    if state == State.DEFERRED:
        changes["due_at"] = again_at(letter.attempts, at)
    return _note(letter, changes)


def _decided(letter: Letter, state: Letter.State, *, gives_up: bool) -> tuple[Letter.State, int]:
    """Return the state that follows, and how often nobody knew."""
    doubts = letter.doubts + (state == State.IN_DOUBT)
    if state == State.IN_DOUBT and not letter.doubts:
        return State.DEFERRED, doubts
    if state == State.DEFERRED and gives_up and letter.attempts + 1 >= MOST_ATTEMPTS:
        return (State.IN_DOUBT if doubts else State.REFUSED), doubts
    return state, doubts


def release(letter: Letter) -> bool:
    """Put a letter back as it was: nobody said anything about it."""
    return _note(letter, {"state": letter.state, "attempts": letter.attempts, **NOT_TAKEN})


def cannot_open(letter: Letter, at: datetime) -> None:
    """Note that a letter's copy does not open: without it, it waits for the reader key."""
    UnattendedCopy.objects.filter(letter__pk=letter.pk).delete()
    _note(letter, {"state": State.QUEUED, "due_at": midnight(at), **NOT_TAKEN})


def _note(letter: Letter, changes: dict[str, Any]) -> bool:
    done = changes["state"] in DONE
    with transaction.atomic():
        ours = _ours(letter).update(**(changes | (_forgotten(letter) if done else {})))
        if ours and done:
            _forget_copy(letter)
        if ours and changes["state"] == State.HANDED_OVER:
            _call_handed_over(letter)
    return bool(ours)


def _call_handed_over(letter: Letter) -> None:
    if call := _handed_over.get(letter.kind):
        call(letter)


def _ours(letter: Letter) -> QuerySet[Letter]:
    """Return the letter's row, if it is in our hand."""
    return Letter.objects.filter(
        pk=letter.pk, state__in=IN_HAND, taken_by=letter.taken_by, taken_at=letter.taken_at
    )


def _forgotten(letter: Letter) -> dict[str, Any]:
    """Return the changes by which a letter forgets address and words, and all times but days.

    One that answered somebody forgets what kind it was, too, and what the relay said: with the
    relay's log a refused receipt would name somebody who gave.
    """
    day = midnight(letter.queued_at)
    all_forget: dict[str, Any] = {
        "sealed": None,
        "context": {},
        "message_id": "",
        "queued_at": day,
        "due_at": day,
    }
    if letter.kind in NOT_ANSWERS:
        return all_forget
    nothing = {"kind": ANSWER, "about": uuid4().hex, "template": "", "language": "", "code": ""}
    return all_forget | nothing


def _forget_copy(letter: Letter) -> None:
    if letter.copy_id is not None:
        UnattendedCopy.objects.filter(letter__pk=letter.pk).delete()


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


def abandoned(turn: single_sender.Turn, now: datetime) -> QuerySet[Letter]:
    """Return the letters that somebody took and never settled.

    It is our turn to send, so what this process or the last one took is left from a crash or from
    a round that failed. Other machines get a quarter of an hour.
    """
    taken = Letter.objects.filter(state__in=IN_HAND)
    of_this_machine = taken.filter(taken_by__in={turn.name, turn.before} - {""})
    return of_this_machine | taken.filter(taken_at__lt=now - OTHERS_GET)


def resolve(letter: Letter, evidence: Evidence, at: datetime) -> None:
    """Settle an abandoned letter by what the transport can prove, and by how far it had come.

    One whose end was perhaps sent is repeated once. After a second time it stays in doubt.
    """
    if evidence is Evidence.HANDED_OVER:
        settle(letter, State.HANDED_OVER, at)
        return
    doubtful = evidence is Evidence.UNKNOWN and letter.state == State.LEAVING
    if doubtful and letter.doubts:
        settle(letter, State.IN_DOUBT, at)
        return
    doubts = letter.doubts + doubtful
    _note(letter, {"state": State.QUEUED, "due_at": midnight(at), "doubts": doubts, **NOT_TAKEN})


@transaction.atomic
def suppress(letters: Iterable[int]) -> None:
    """Take letters out that wait, for example of an issue that is stopped."""
    for letter in Letter.objects.select_for_update().filter(pk__in=list(letters), state__in=DUE):
        Letter.objects.filter(pk=letter.pk).update(state=State.SUPPRESSED, **_forgotten(letter))
        _forget_copy(letter)
