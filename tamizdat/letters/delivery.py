"""Deliver what is due. No other module opens an address (import-linter holds it).

An address is open from here to the carrier's door, in local variables, and nowhere else: in no
row, no log, no error. What is sealed to the errand key goes out unattended. Issues wait until the
reader key is unlocked.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from tamizdat.letters import assembling, confirmations, keyring, leaving, outbox, trial, writing
from tamizdat.letters.alone import alone
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
from tamizdat.readers import addresses, keys, subscribers
from tamizdat.readers.opening import OpeningError, PrivateKey, open_sealed, private_key

log = logging.getLogger(__name__)

AT_ONCE = 500  # letters of one round, so that new errands need not wait for a whole issue
State = Letter.State
_MEANING = {DeferredError: State.DEFERRED, RefusedError: State.REFUSED, DoubtError: State.IN_DOUBT}


@dataclass(frozen=True, slots=True)
class _Keys:
    errand: PrivateKey
    reader: PrivateKey | None


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
        with carrier(newsroom) as chosen, _unlocked(newsroom) as unlocked:
            for letter in outbox.abandoned(at):
                outbox.resolve(letter, chosen.evidence(letter.message_id), at)
            return _hand_over_all(chosen, unlocked, at)


def _hand_over_all(chosen: Carrier, unlocked: _Keys, at: datetime) -> int:
    for done in range(AT_ONCE):
        letter = outbox.take_next(at, errands_only=unlocked.reader is None)
        if letter is None:
            return done
        _hand_over(letter, chosen, unlocked, at)
    return AT_ONCE


def _hand_over(letter: Letter, chosen: Carrier, unlocked: _Keys, at: datetime) -> None:
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
        outbox.settle(letter, State.REFUSED, at, "sealed")
    except Exception as error:  # noqa: BLE001  a broken template must not hold up confirmations
        log.error("letter %s waits: %s", letter.pk, type(error).__name__)  # noqa: TRY400  a traceback may hold an address
        outbox.settle(letter, State.DEFERRED, at)
    else:
        outbox.settle(letter, State.HANDED_OVER, at)


def _message(letter: Letter, unlocked: _Keys, at: datetime) -> Message | None:
    """Return the letter ready to leave; None if it should not leave any more."""
    sheet = _errand(letter, unlocked, at) if letter.sealed else _of_issue(letter, unlocked)
    if sheet is None:
        return None
    content = assembling.assemble(
        sheet.written, sheet.address, letter.message_id, at, sheet.headers
    )
    sender = settings.NEWSROOM.mail.from_address
    return Message(letter.message_id, sender, sheet.address, content)


def _errand(letter: Letter, unlocked: _Keys, at: datetime) -> _Sheet | None:
    newsroom: Newsroom = settings.NEWSROOM
    address = open_sealed(bytes(letter.sealed or b""), unlocked.errand)
    if letter.kind == trial.KIND:
        return _Sheet(address, writing.Written(**letter.context), trial.headers(newsroom, letter))
    shown = letter.context
    if letter.kind == confirmations.KIND:
        if not confirmations.may_go(letter.about, addresses.tag(newsroom.keys, address), at):
            return None
        shown = confirmations.context(letter.about, letter.language)
    written = writing.write(letter.template, letter.language, **shown)
    return _Sheet(address, written, assembling.errand_headers(newsroom, letter.language))


def _of_issue(letter: Letter, unlocked: _Keys) -> _Sheet | None:
    subscriber = letter.subscription and subscribers.find(letter.subscription)
    if not subscriber or letter.issue is None or unlocked.reader is None:
        return None
    newsroom: Newsroom = settings.NEWSROOM
    address = open_sealed(subscriber.sealed, unlocked.reader)
    issue = letter.issue
    leave = leaving.href(newsroom, issue.language, subscriber.key)
    frozen = writing.Written(issue.subject, issue.text, issue.html)
    headers = assembling.issue_headers(newsroom, issue, leave)
    return _Sheet(address, leaving.put_in(frozen, leave), headers)


@contextmanager
def _unlocked(newsroom: Newsroom) -> Iterator[_Keys]:
    """Give the keys for a round: the errand key always, the reader key while it is unlocked."""
    errand = keys.errand_secret(newsroom.keys)
    with keyring.lent() as secret:
        try:
            yield _Keys(
                errand=private_key("errand", errand),
                reader=private_key("reader", secret) if secret else None,
            )
        finally:
            keys.wipe(errand)
