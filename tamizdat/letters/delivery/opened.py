"""Open sealed records: those that an unattended key opens, or all of them."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from tamizdat.letters.delivery.openers import Openers
from tamizdat.readers import addresses, mailbox_links, waiting
from tamizdat.readers.models import SealedRecord, UnattendedCopy
from tamizdat.readers.opening import OpeningError, open_link, open_record
from tamizdat.readers.records import Record
from tamizdat.readers.wishes import Wish

log = logging.getLogger(__name__)
AT_ONCE = 200  # rows of one query
_passing = secrets.token_bytes(32)  # recognises one address in this process, and is kept nowhere


@dataclass(frozen=True, slots=True)
class Opened:
    """A record and the wish that is in it, with the copy it was read from, if it was one."""

    row: SealedRecord
    record: Record = field(repr=False)
    wish: Wish
    copy: UnattendedCopy | None


def unattended(unlocked: Openers) -> list[Opened]:
    """Open the records with a copy. One that does not open loses it: the reader key will do it.

    Raises:
        EndedError: this process was told to stop.
    """

    def read(row: SealedRecord) -> Opened | None:
        assert row.copy is not None
        try:
            record = unlocked.open_copy(row.copy)
        except OpeningError:
            waiting.drop_copy(row)
            return None
        return _opened(row, record, unlocked, row.copy)

    found = SealedRecord.objects.filter(copy__isnull=False).select_related("copy")
    return _read(found, read, unlocked)


def everything(unlocked: Openers) -> list[Opened]:
    """Open all records with the reader key. One that does not open is deleted.

    Raises:
        EndedError: the reader key was locked meanwhile.
    """
    reader = unlocked.reader
    assert reader is not None

    def read(row: SealedRecord) -> Opened | None:
        return _opened(row, open_record(bytes(row.sealed), reader), unlocked, None)

    return _read(SealedRecord.objects.all(), read, unlocked)


def _read(
    found: QuerySet[SealedRecord], read: Callable[[SealedRecord], Opened | None], unlocked: Openers
) -> list[Opened]:
    """Return what `read` makes of each row, and delete those of which it says that none opens.

    No query stays open meanwhile: on SQLite a process that still reads cannot write any more once
    another one wrote.
    """
    opened: list[Opened] = []
    useless = 0
    numbers = list(found.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(numbers), AT_ONCE):
        portion = numbers[at : at + AT_ONCE]
        of_no_use: list[SealedRecord] = []
        for row in list(found.filter(pk__in=portion).order_by("pk")):
            unlocked.check()
            try:
                one = read(row)
            except OpeningError:
                of_no_use.append(row)
            except Exception as error:  # noqa: BLE001  one bad record must not stop the others
                log.error("a sealed record waits: %s", type(error).__name__)  # noqa: TRY400  a traceback may hold an address
            else:
                opened += [one] if one is not None else []
        waiting.forget_all(of_no_use)
        useless += len(of_no_use)
    if useless:
        log.warning("%s sealed records do not open and were deleted", useless)
    return opened


def _opened(
    row: SealedRecord, record: Record, unlocked: Openers, copy: UnattendedCopy | None
) -> Opened:
    key = _passing if copy is not None else unlocked.duplicates
    record = _addressed(record, unlocked)
    return Opened(row, record, _wish(row, record, unlocked, key), copy)


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
