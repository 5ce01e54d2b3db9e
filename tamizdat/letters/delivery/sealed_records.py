"""Look at what waits sealed: answer what is due, keep the rest, sealed anew.

Records with an unattended copy are looked at in each round. All others are looked at once after
each unlock, and once more when a day begins while the reader key is unlocked.
"""

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from tamizdat.letters import data_requests, held_up, keyring, outbox
from tamizdat.letters.alone import alone
from tamizdat.letters.delivery import forgetting
from tamizdat.letters.delivery.openers import Openers, openers
from tamizdat.letters.outbox import Addressed, Words
from tamizdat.lib.stopping import until_stopped
from tamizdat.readers import addresses, keys, records, waiting, wishes
from tamizdat.readers.models import SealedRecord, UnattendedCopy
from tamizdat.readers.opening import OpeningError, open_record
from tamizdat.readers.records import Record
from tamizdat.readers.wishes import Answer, NotNowError, Reply, Wish

log = logging.getLogger(__name__)
_passing = secrets.token_bytes(32)  # recognises one address in this process, and is kept nowhere


@dataclass(frozen=True, slots=True)
class _Opened:
    """A record and the wish that is in it, with the copy it was read from, if it was one."""

    row: SealedRecord
    record: Record = field(repr=False)
    wish: Wish
    copy: UnattendedCopy | None


class _LastLook:
    """When all records were last looked at: in which unlocking, on which day."""

    def __init__(self) -> None:
        self._seen: tuple[datetime, date] | None = None

    def is_due(self, unlocked_until: datetime | None, today: date) -> bool:
        """Return whether the records should be looked at now, and note that they are."""
        now = None if unlocked_until is None else (unlocked_until, today)
        due = now is not None and now != self._seen
        self._seen = now
        return due


_last_look = _LastLook()


def look(at: datetime) -> int:
    """Answer the wishes that can be answered now, and return how many were looked at.

    A record that fails waits, is named in the log by the error's kind, and holds up no other.
    """
    newsroom = settings.NEWSROOM
    with alone(newsroom.data) as mine:
        if not mine:
            return 0
        with openers(newsroom) as unlocked:
            opened = list(_unattended(unlocked))
            if _last_look.is_due(keyring.unlocked_until(), at.date()) and unlocked.reader:
                opened = list(_all(unlocked))
                held_up.note_look(newsroom.data, at.date())
            _answer_all(opened, unlocked, at)
    return len(opened)


def _unattended(unlocked: Openers) -> Iterable[_Opened]:
    for row in SealedRecord.objects.filter(copy__isnull=False).select_related("copy"):
        assert row.copy is not None
        try:
            record = unlocked.open_copy(row.copy)
        except OpeningError:
            waiting.drop_copy(row)  # the reader key will open it
            continue
        yield _Opened(row, record, _wish(row, record, _passing), row.copy)


def _all(unlocked: Openers) -> Iterable[_Opened]:
    assert unlocked.reader is not None
    for row in SealedRecord.objects.order_by("pk").iterator():
        try:
            record = open_record(bytes(row.sealed), unlocked.reader)
        except OpeningError:
            log.warning("a sealed record does not open and was deleted")
            waiting.forget(row)
            continue
        yield _Opened(row, record, _wish(row, record, unlocked.duplicates), None)


def _wish(row: SealedRecord, record: Record, key: bytes) -> Wish:
    newsroom = settings.NEWSROOM
    known = record.language in newsroom.languages  # a counter wrote it: trust nothing in it
    language = record.language if known else newsroom.language
    return Wish(
        row.pk,
        record.kind,
        language,
        record.details,
        row.again,
        mailbox=addresses.tag(key, record.address),
        limit=addresses.limit_tag(key, record.address),
        attended=key != _passing,
    )


def _answer_all(opened: Sequence[_Opened], unlocked: Openers, at: datetime) -> None:
    """Answer all of them, erasures first: whoever is forgotten gets no other letter."""
    related = defaultdict(list)
    for one in opened:
        for key in _keys(one.wish):
            related[key].append(one.wish)
    forgotten: set[str] = set()
    in_order = sorted(opened, key=lambda one: one.wish.kind != data_requests.ERASURE)
    for one in until_stopped(in_order):
        near = {wish.id: wish for key in _keys(one.wish) for wish in related[key]}
        del near[one.wish.id]
        if one.wish.mailbox in forgotten:
            continue
        answer = _answer(one, list(near.values()), unlocked, at)
        if answer is not None and answer.forget_all:
            same = [other.row for other in opened if other.wish.mailbox == one.wish.mailbox]
            forgetting.forget_everything(same, one.wish.mailbox, unlocked)
            forgotten.add(one.wish.mailbox)


def _keys(wish: Wish) -> Iterable[tuple[str, object]]:
    """Return by what a wish is related to others: its mailbox, and its contribution if any.

    Plus-addresses are one mailbox here: a handler that limits letters has to see all of them.
    """
    yield "limit", wish.limit
    if isinstance(token := wish.details.get("token"), str):
        yield "token", token


def _answer(one: _Opened, others: Sequence[Wish], unlocked: Openers, at: datetime) -> Answer | None:
    """Have a wish answered, and return the answer; None where it waits."""
    handler = wishes.handler(one.wish.kind)
    if handler is None:
        log.warning("a sealed record of an unknown kind was deleted")
        waiting.forget(one.row)
        return None
    try:
        with transaction.atomic():
            answer = handler(one.wish, others, at)
            _carry_out(one, answer, unlocked, at)
    except NotNowError:
        return None
    except Exception as error:  # noqa: BLE001  one bad record must not stop the others
        log.error("a sealed record waits: %s", type(error).__name__)  # noqa: TRY400  a traceback may hold an address
        return None
    return answer


def _carry_out(one: _Opened, answer: Answer, unlocked: Openers, at: datetime) -> None:
    for reply in answer.letters:
        _queue(one, reply, unlocked, at)
    folder = unlocked.newsroom.keys
    if answer.keep is None:
        waiting.forget(one.row)
    elif answer.letters or one.wish.again or dict(answer.keep) != dict(one.record.details):
        record = Record(one.record.kind, one.record.address, one.record.language, answer.keep)
        waiting.replace(one.row, record, folder)


def _queue(one: _Opened, reply: Reply, unlocked: Openers, at: datetime) -> None:
    """Queue a letter under a number that leads nowhere.

    It is queued once, because the record is sealed anew or deleted in the same transaction. Named
    after the record it would join that with a kind of letter, and with the how many-th payment of
    a contribution it is about.
    """
    folder = unlocked.newsroom.keys
    record = Record("letter", one.record.address, one.wish.language, reply.shown)
    copy = waiting.copy_like(record, folder, one.copy) if one.copy is not None else None
    to = Addressed(records.seal(record, keys.reader_public(folder)), copy)
    words = Words(reply.template, record.language)
    outbox.queue(reply.template, uuid4().hex, to, words, at)
