"""A letter's row becomes a message. Here addresses are opened, and here they are forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from tamizdat.letters import confirmations
from tamizdat.letters.alerts import alert_letters
from tamizdat.letters.content import mime_message, unsubscribe_link, writing
from tamizdat.letters.delivery.round_keys import RoundKeys
from tamizdat.letters.models import Letter
from tamizdat.letters.newsletters import send_test
from tamizdat.letters.providers.base import Message
from tamizdat.readers import subscribers
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.mailboxes import addresses, mailbox_links
from tamizdat.readers.models import UnattendedCopy
from tamizdat.readers.sealing import AddressError
from tamizdat.readers.sealing.opening import OpeningError, PrivateKey, open_record, open_sealed
from tamizdat.readers.sealing.records import Record


class ForgedError(Exception):
    """No form of ours takes what this letter should go to: it was sealed elsewhere."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    address: str = field(repr=False)
    written: writing.Written = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def message(letter: Letter, unlocked: RoundKeys, at: datetime) -> Message | None:
    """Return a letter ready to leave; None if it should not leave any more.

    Raises:
        OpeningError: what its address is sealed in does not open.
        AddressError: no letter can be written to the address on record.
        ForgedError: no reader asked for this, and it can be forgotten.
    """
    of_issue = letter.subscription is not None
    sheet = _of_issue(letter, unlocked) if of_issue else _answer(letter, unlocked, at)
    if sheet is None:
        return None
    content = mime_message.assemble(
        sheet.written, sheet.address, letter.message_id, at, sheet.headers
    )
    sender = settings.NEWSROOM.mail.from_address
    return Message(letter.message_id, sender, sheet.address, content)


def _answer(letter: Letter, unlocked: RoundKeys, at: datetime) -> _Sheet | None:
    newsroom = unlocked.newsroom
    record = _record(letter, unlocked)
    if record is None:
        return None
    if letter.kind == send_test.KIND:
        return _Sheet(
            record.address, send_test.written(letter), send_test.headers(newsroom, letter)
        )
    if letter.kind == alert_letters.KIND:
        written = writing.Written(**letter.context)
        headers = mime_message.answer_headers(newsroom, letter.language)
        return _Sheet(record.address, written, headers)
    if not addresses.is_address(record.address):
        raise ForgedError
    shown = record.details
    if letter.kind == confirmations.KIND:
        if not confirmations.may_go(letter, record.address, at):
            return None
        shown = confirmations.context(letter.about, letter.language)
    link = mailbox_links.link(founded_keys.letters_key(newsroom.keys), record.address)
    href = f"{newsroom.addresses.counter}/{letter.language}/mailbox/{link}"
    written = writing.write(letter.template, letter.language, mailbox_href=href, **shown)
    return _Sheet(record.address, written, mime_message.answer_headers(newsroom, letter.language))


def _record(letter: Letter, unlocked: RoundKeys) -> Record | None:
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
    return Record(letter.kind, _of_sign_up(sealed, unlocked.reader), letter.language)


def _of_sign_up(sealed: bytes, key: PrivateKey) -> str:
    """Return the address of a sign-up, as the counter sealed it.

    The key is the right one, or it would not have been unlocked. So what it does not open
    is forged, and must not be taken for a fault of the key.
    """
    try:
        return open_sealed(sealed, key)
    except OpeningError:
        raise ForgedError from None


def _of_issue(letter: Letter, unlocked: RoundKeys) -> _Sheet | None:
    subscriber = letter.subscription and subscribers.find(letter.subscription)
    if not subscriber or letter.issue is None or unlocked.reader is None:
        return None
    newsroom = unlocked.newsroom
    address = _on_record(open_sealed(subscriber.sealed, unlocked.reader))
    issue = letter.issue
    leave = unsubscribe_link.href(newsroom, issue.language, subscriber.key)
    frozen = writing.Written(issue.letter_subject, issue.text, issue.html)
    headers = mime_message.issue_headers(newsroom, issue, leave)
    return _Sheet(address, unsubscribe_link.put_in(frozen, issue.leave_stand_in, leave), headers)


def _on_record(address: str) -> str:
    """Return a reader's address in the form in which we write to it.

    Its owner confirmed it once. So one that no form takes today is written to as it stands.
    """
    try:
        return addresses.read(address)
    except AddressError:
        return address
