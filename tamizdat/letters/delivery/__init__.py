"""Deliver what is due. No other package opens an address (import-linter holds it).

An address is open from here to the carrier's door, in local variables, and nowhere else: in no
row, no log, no error. What an unattended key opens goes out at once. All else waits until the
reader key is unlocked.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from tamizdat.letters import (
    alert_letters,
    assembling,
    confirmations,
    leaving,
    outbox,
    trial,
    writing,
)
from tamizdat.letters.alone import alone
from tamizdat.letters.delivery.openers import Openers, openers
from tamizdat.letters.models import Letter
from tamizdat.letters.providers.base import (
    Carrier,
    CarrierError,
    DeferredError,
    DoubtError,
    Message,
    RefusedError,
)
from tamizdat.letters.providers.choosing import carrier
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.stopping import stopping
from tamizdat.readers import mailbox_links, subscribers
from tamizdat.readers.models import UnattendedCopy
from tamizdat.readers.opening import OpeningError, open_record, open_sealed
from tamizdat.readers.records import Record

log = logging.getLogger(__name__)

AT_ONCE = 500  # letters of one round, so that answers need not wait for a whole issue
State = Letter.State
_MEANING = {DeferredError: State.DEFERRED, RefusedError: State.REFUSED, DoubtError: State.IN_DOUBT}


@dataclass(frozen=True, slots=True)
class _Sheet:
    address: str = field(repr=False)
    written: writing.Written = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def deliver_due(at: datetime) -> int:
    """Hand over what is due, at most 500 letters, and return how many were dealt with.

    It first looks into what a crash left. If another process of this machine is sending, it
    leaves everything to that one and returns 0.
    """
    newsroom: Newsroom = settings.NEWSROOM
    with alone(newsroom.data) as mine:
        if not mine:
            return 0
        with carrier(newsroom) as chosen, openers(newsroom) as unlocked:
            outbox.put_right(at)
            outbox.forget_message_ids(at)
            for letter in outbox.abandoned(at):
                outbox.resolve(letter, chosen.evidence(letter.message_id), at)
            return _hand_over_all(chosen, unlocked, at)


def _hand_over_all(chosen: Carrier, unlocked: Openers, at: datetime) -> int:
    for done in range(AT_ONCE):
        if stopping():
            return done
        letter = outbox.take_next(at, unattended_only=unlocked.reader is None)
        if letter is None:
            return done
        _hand_over(letter, chosen, unlocked, at)
    return AT_ONCE


def _hand_over(letter: Letter, chosen: Carrier, unlocked: Openers, at: datetime) -> None:
    """Hand one letter over and note what became of it. Nothing that goes wrong stops the others."""
    try:
        message = _message(letter, unlocked, at)
        if message is None:
            outbox.settle(letter, State.SUPPRESSED, at)
            return
        chosen.hand_over(message)
    except CarrierError as error:
        outbox.settle(letter, _MEANING[type(error)], at, error.code)
    except OpeningError:
        outbox.cannot_open(letter, at)
    except Exception as error:  # noqa: BLE001  a broken template must not hold up confirmations
        log.error("letter %s waits: %s", letter.pk, type(error).__name__)  # noqa: TRY400  a traceback may hold an address
        outbox.settle(letter, State.DEFERRED, at)
    else:
        outbox.settle(letter, State.HANDED_OVER, at)


def _message(letter: Letter, unlocked: Openers, at: datetime) -> Message | None:
    """Return the letter ready to leave; None if it should not leave any more."""
    of_issue = letter.subscription is not None
    sheet = _of_issue(letter, unlocked) if of_issue else _answer(letter, unlocked, at)
    if sheet is None:
        return None
    content = assembling.assemble(
        sheet.written, sheet.address, letter.message_id, at, sheet.headers
    )
    sender = settings.NEWSROOM.mail.from_address
    return Message(letter.message_id, sender, sheet.address, content)


def _answer(letter: Letter, unlocked: Openers, at: datetime) -> _Sheet | None:
    newsroom = unlocked.newsroom
    record = _record(letter, unlocked)
    if record is None:
        return None
    if letter.kind == trial.KIND:
        written = writing.Written(**letter.context)
        return _Sheet(record.address, written, trial.headers(newsroom, letter))
    if letter.kind == alert_letters.KIND:
        written = writing.Written(**letter.context)
        headers = assembling.answer_headers(newsroom, letter.language)
        return _Sheet(record.address, written, headers)
    shown = record.details
    if letter.kind == confirmations.KIND:
        if not confirmations.may_go(letter, record.address, at):
            return None
        shown = confirmations.context(letter.about, letter.language)
    link = mailbox_links.link(newsroom.keys, record.address)
    href = f"{newsroom.addresses.counter}/{letter.language}/mailbox/{link}"
    written = writing.write(letter.template, letter.language, mailbox_href=href, **shown)
    return _Sheet(record.address, written, assembling.answer_headers(newsroom, letter.language))


def _record(letter: Letter, unlocked: Openers) -> Record | None:
    """Return the letter's record from its unattended copy, else by the reader key."""
    copy = UnattendedCopy.objects.filter(letter__pk=letter.pk).first()
    if copy is not None:
        return unlocked.open_copy(copy)
    if unlocked.reader is None:
        raise OpeningError("The copy went away meanwhile, and the reader key is locked.")
    if letter.sealed is not None:
        return open_record(bytes(letter.sealed), unlocked.reader)
    sealed = confirmations.sealed(letter.about) if letter.kind == confirmations.KIND else None
    if sealed is None:
        return None
    return Record(letter.kind, open_sealed(sealed, unlocked.reader), letter.language)


def _of_issue(letter: Letter, unlocked: Openers) -> _Sheet | None:
    subscriber = letter.subscription and subscribers.find(letter.subscription)
    if not subscriber or letter.issue is None or unlocked.reader is None:
        return None
    newsroom = unlocked.newsroom
    address = open_sealed(subscriber.sealed, unlocked.reader)
    issue = letter.issue
    leave = leaving.href(newsroom, issue.language, subscriber.key)
    frozen = writing.Written(issue.subject, issue.text, issue.html)
    headers = assembling.issue_headers(newsroom, issue, leave)
    return _Sheet(address, leaving.put_in(frozen, leave), headers)
