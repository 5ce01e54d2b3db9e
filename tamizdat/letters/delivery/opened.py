"""Open sealed records: those that an unattended key opens, or all of them."""

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tamizdat.letters.delivery.openers import Openers
from tamizdat.readers import addresses, mailbox_links, waiting
from tamizdat.readers.models import SealedRecord, UnattendedCopy
from tamizdat.readers.opening import OpeningError, open_link, open_record
from tamizdat.readers.records import Record
from tamizdat.readers.wishes import Wish

log = logging.getLogger(__name__)
_passing = secrets.token_bytes(32)  # recognises one address in this process, and is kept nowhere


@dataclass(frozen=True, slots=True)
class Opened:
    """A record and the wish that is in it, with the copy it was read from, if it was one."""

    row: SealedRecord
    record: Record = field(repr=False)
    wish: Wish
    copy: UnattendedCopy | None


def unattended(unlocked: Openers) -> Iterator[Opened]:
    """Open the records with a copy. One that does not open loses it: the reader key will do it."""
    for row in SealedRecord.objects.filter(copy__isnull=False).select_related("copy"):
        assert row.copy is not None
        try:
            record = _addressed(unlocked.open_copy(row.copy), unlocked)
        except OpeningError:
            waiting.drop_copy(row)
            continue
        yield Opened(row, record, _wish(row, record, unlocked, _passing), row.copy)


def everything(unlocked: Openers) -> Iterator[Opened]:
    """Open all records with the reader key. One that does not open is deleted."""
    assert unlocked.reader is not None
    for row in SealedRecord.objects.order_by("pk").iterator():
        try:
            record = _addressed(open_record(bytes(row.sealed), unlocked.reader), unlocked)
        except OpeningError:
            log.warning("a sealed record does not open and was deleted")
            waiting.forget(row)
            continue
        yield Opened(row, record, _wish(row, record, unlocked, unlocked.duplicates), None)


def _addressed(record: Record, unlocked: Openers) -> Record:
    """Return the record; in a choice about a mailbox the address takes the place of its link."""
    if record.kind != mailbox_links.CHOICE:
        return record
    return replace(record, address=open_link(record.address, unlocked.newsroom.keys))


def _wish(row: SealedRecord, record: Record, unlocked: Openers, key: bytes) -> Wish:
    newsroom = unlocked.newsroom
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
