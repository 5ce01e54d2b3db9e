"""Open sealed records: those that an unattended key opens, or all of them."""

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import QuerySet

from tamizdat.letters.delivery.round_keys import RoundKeys
from tamizdat.lib.batches import batches
from tamizdat.lib.each_alone import EachAlone
from tamizdat.readers import keys
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.mailboxes import addresses, mailbox_links
from tamizdat.readers.models import SealedRecord, UnattendedCopy
from tamizdat.readers.sealed_records import first_wishes, store
from tamizdat.readers.sealed_records.wishes import Wish
from tamizdat.readers.sealing.opening import OpeningError, open_link, open_record
from tamizdat.readers.sealing.records import Record

log = logging.getLogger(__name__)
WHY_FORGED = "they do not open, or say what no reader can have asked for"
AT_ONCE = 200  # rows of one query
_passing = secrets.token_bytes(32)  # recognises one address in this process, and is kept nowhere


@dataclass(frozen=True, slots=True)
class Opened:
    """A record and the wish that is in it, with the copy it was read from, if it was one."""

    row: SealedRecord
    record: Record = field(repr=False)
    wish: Wish
    copy: UnattendedCopy | None


def unattended(unlocked: RoundKeys, tried: EachAlone) -> list[Opened]:
    """Open the records with a copy. One that does not open loses it: the reader key will do it.

    A counter made them all, since the desk makes no copy of what it seals itself. One whose key
    cannot be read at this moment waits with its copy.

    Raises:
        EndedError: this process was told to stop.
        KeysError: letters.key is missing, damaged or another newsroom's.
    """
    letters_key = founded_keys.letters_key(unlocked.newsroom.keys)

    def read(row: SealedRecord) -> Opened | None:
        assert row.copy is not None
        try:
            record = unlocked.open_copy(row.copy)
        except OpeningError:
            store.drop_copy(row)
            return None
        return _opened(row, _addressed(_asked(record), letters_key), unlocked, row.copy)

    found = SealedRecord.objects.filter(copy__isnull=False).select_related("copy")
    return _read(found, read, unlocked, tried)


def everything(unlocked: RoundKeys, tried: EachAlone) -> list[Opened]:
    """Open all records with the reader key. One that is forged is deleted.

    Nothing that can fail for a moment stands between a row and what it says. Else what a row says
    would count as not said: a mailbox would be written to that wants nothing more. So `letters.key`
    is read once for all, and a row that cannot be marked is returned all the same.

    Raises:
        EndedError: the reader key was locked meanwhile.
        KeysError: letters.key is missing, damaged or another newsroom's.
    """
    letters_key = founded_keys.letters_key(unlocked.newsroom.keys)
    mark = keys.desk_mark(letters_key)

    def read(row: SealedRecord) -> Opened | None:
        record = _by_reader_key(row, unlocked, mark)
        if row.older:
            with tried.one(row.pk), transaction.atomic():
                store.mark(row, record, unlocked.newsroom.keys)
        return _opened(row, _addressed(record, letters_key), unlocked, None)

    return _read(SealedRecord.objects.all(), read, unlocked, tried)


def _read(
    found: QuerySet[SealedRecord],
    read: Callable[[SealedRecord], Opened | None],
    unlocked: RoundKeys,
    tried: EachAlone,
) -> list[Opened]:
    """Return what `read` makes of each row, and delete those that are forged.

    `read` raises OpeningError for them.

    No query stays open meanwhile: on SQLite a process that still reads cannot write any more once
    another one wrote.
    """
    opened: list[Opened] = []
    deleted = 0
    numbers = list(found.order_by("pk").values_list("pk", flat=True))
    for portion in batches(numbers, AT_ONCE):
        forged: list[SealedRecord] = []
        for row in list(found.filter(pk__in=portion).order_by("pk")):
            unlocked.check()
            with tried.one(row.pk):
                try:
                    one = read(row)
                except OpeningError:
                    forged.append(row)
                else:
                    opened += [one] if one is not None else []
        store.forget_all(forged)
        deleted += len(forged)
    if deleted:
        log.warning("%s sealed records were deleted: %s", deleted, WHY_FORGED)
    return opened


def _by_reader_key(row: SealedRecord, unlocked: RoundKeys, mark: bytes) -> Record:
    """Return what the desk sealed as it is, and of what a counter sealed what can be asked for."""
    assert unlocked.reader is not None
    sealed = bytes(row.sealed)
    with suppress(OpeningError):
        return open_record(sealed, unlocked.reader, mark)
    record = open_record(sealed, unlocked.reader)
    return record if row.older else _asked(record)


def _asked(record: Record) -> Record:
    asked = first_wishes.as_asked(record)
    if asked is None:
        raise OpeningError("No reader can have asked for this.")
    return asked


def _opened(
    row: SealedRecord, record: Record, unlocked: RoundKeys, copy: UnattendedCopy | None
) -> Opened:
    key = _passing if copy is not None else unlocked.duplicates
    return Opened(row, record, _wish(row, record, unlocked, key), copy)


def _addressed(record: Record, letters_key: bytes) -> Record:
    """Return the record; in a choice about a mailbox the address takes the place of its link."""
    if record.kind != mailbox_links.CHOICE:
        return record
    return replace(record, address=open_link(record.address, letters_key))


def _wish(row: SealedRecord, record: Record, unlocked: RoundKeys, key: bytes) -> Wish:
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
