"""What waits: sealed records until an unlock, their unattended copies for 48 hours at most."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from tamizdat.readers import keys, tokens
from tamizdat.readers.keys import founded_keys, unattended
from tamizdat.readers.models import SealedRecord, UnattendedCopy
from tamizdat.readers.sealing import SUITE_OVERHEAD, records
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions.registry import Submission, UnreadableError

COPY_LASTS = timedelta(hours=48)
LONGEST = 2048  # bytes of anything that a counter seals
REPLY = tokens.REPLY  # purpose of the token by which somebody answers a letter about a record
_HOUR = timedelta(hours=1)
_without_reply = Event()  # set while a note may have no reply token of ours
_without_reply.set()


def sealed_to_reader(submission: Submission) -> bytes:
    """Return what a submission holds, sealed to the reader key.

    Raises:
        UnreadableError: it is missing, or cannot have been sealed by our counter.
    """
    sealed = submission.payload.get("sealed")
    return _sealed(submission.kind, sealed.get("reader") if isinstance(sealed, dict) else None)


@transaction.atomic
def keep_copy(submission: Submission, folder: Path, at: datetime) -> UnattendedCopy | None:
    """Keep what the unattended key opens of a submission, for 48 hours at most.

    Returns None where it was sealed to no key or to one that is gone: a counter that could not
    be told of a new key goes on with an old one. Then the reader key has to open it.

    Raises:
        UnreadableError: it cannot have been sealed by our counter.
    """
    sealed = submission.payload.get("sealed")
    second = sealed.get("unattended") if isinstance(sealed, dict) else None
    if not isinstance(second, dict):
        return None
    raw = _sealed(submission.kind, second.get("sealed"))
    name = second.get("key")
    if not isinstance(name, str) or name not in unattended.names(folder):
        return None
    return UnattendedCopy.objects.create(
        key=name, sealed=raw, until=full_hour_before(at + COPY_LASTS)
    )


@transaction.atomic
def keep(submission: Submission, folder: Path, at: datetime) -> SealedRecord:
    """Keep the record that a submission holds, with its unattended copy if there is one.

    Raises:
        UnreadableError: it cannot have been sealed by our counter.
    """
    return _add(sealed_to_reader(submission), folder, keep_copy(submission, folder, at))


@transaction.atomic
def keep_record(record: Record, folder: Path) -> SealedRecord:
    """Seal a record that came from somewhere else than the counter, and keep it."""
    return keep_sealed(sealed_here(record, folder), folder)


@transaction.atomic
def keep_sealed(sealed: bytes, folder: Path) -> SealedRecord:
    """Keep what `sealed_here` returned."""
    return _add(sealed, folder, None)


@transaction.atomic
def keep_note(sealed: bytes, folder: Path) -> SealedRecord:
    """Keep what `sealed_here` returned, of which no letter goes: nobody will answer it.

    It needs no `letters.key`. Without ours its reply token is one that nobody has, until
    `give_replies` can make it.
    """
    try:
        return keep_sealed(sealed, folder)
    except keys.KeysError:
        _without_reply.set()
        reply = tokens.digest(secrets.token_hex(16))
        return SealedRecord.objects.create(sealed=sealed, reply=reply)


def give_replies(folder: Path) -> int:
    """Give the notes that were kept without our `letters.key` a reply token; return how many.

    All records are looked through once after this process began, and after it kept such a note.
    """
    if not _without_reply.is_set():
        return 0
    try:
        secret = founded_keys.letters_key(folder)
    except keys.KeysError:
        return 0
    given = 0
    for row, kept in list(SealedRecord.objects.order_by("pk").values_list("pk", "reply")):
        reply = tokens.digest(tokens.token(secret, REPLY, row.hex))
        if reply != kept:
            given += SealedRecord.objects.filter(pk=row).update(reply=reply)
    _without_reply.clear()
    return given


def sealed_here(record: Record, folder: Path) -> bytes:
    """Return a record, sealed to the reader key with the mark of the desk: no counter can make it.

    Raises:
        KeysError: a key is missing, damaged or another newsroom's.
    """
    mark = keys.desk_mark(founded_keys.letters_key(folder))
    return records.seal(record, founded_keys.reader_public(folder), mark)


def copy_of(record: Record, folder: Path, at: datetime) -> UnattendedCopy:
    """Seal a record to the unattended key that is in use, for 48 hours."""
    name = unattended.rotate(folder, at).name
    return _copy(record, folder, name, full_hour_before(at + COPY_LASTS))


def copy_like(record: Record, folder: Path, copy: UnattendedCopy) -> UnattendedCopy:
    """Seal an answer to the key of the copy that it answers, and no longer than that.

    A newer key would outlive it, and open what a write-ahead log still holds of it.
    """
    return _copy(record, folder, copy.key, copy.until)


def _copy(record: Record, folder: Path, name: str, until: datetime) -> UnattendedCopy:
    sealed = records.seal(record, unattended.public(folder, name))
    return UnattendedCopy.objects.create(key=name, sealed=sealed, until=until)


def take(row: SealedRecord) -> bool:
    """Hold a record for the rest of a transaction, and say whether it is still as it was read.

    Its owner may press a button at any moment, and end it with that, or ask for one letter more.
    """
    return bool(SealedRecord.objects.filter(pk=row.pk, again=row.again).update(again=row.again))


@transaction.atomic
def replace(row: SealedRecord, record: Record, folder: Path) -> None:
    """Seal the record anew, as it is now. Its unattended copy goes."""
    sealed = sealed_here(record, folder)
    SealedRecord.objects.filter(pk=row.pk).update(sealed=sealed, again=False, older=False)
    drop_copy(row)


def mark(row: SealedRecord, record: Record, folder: Path) -> None:
    """Seal a record anew, with the mark of the desk; leave its copy and the button pressed."""
    sealed = sealed_here(record, folder)
    SealedRecord.objects.filter(pk=row.pk).update(sealed=sealed, older=False)


@transaction.atomic
def forget(row: SealedRecord) -> None:
    """Delete a record and its copy."""
    drop_copy(row)
    SealedRecord.objects.filter(pk=row.pk).delete()


@transaction.atomic
def forget_all(rows: Iterable[SealedRecord]) -> None:
    """Delete records and their copies."""
    numbers = [row.pk for row in rows]
    UnattendedCopy.objects.filter(record__pk__in=numbers).delete()
    SealedRecord.objects.filter(pk__in=numbers).delete()


def drop_copy(row: SealedRecord) -> None:
    """Delete the unattended copy of a record."""
    UnattendedCopy.objects.filter(record__pk=row.pk).delete()


@transaction.atomic
def forget_by_reply(reply: str) -> bool:
    """Delete the record with this token's hash, and return whether there was one."""
    row = SealedRecord.objects.filter(reply=reply).first()
    if row is not None:
        forget(row)
    return row is not None


@transaction.atomic
def ask_again(reply: str) -> bool:
    """Note that the owner of a record pressed the button in our letter."""
    return bool(SealedRecord.objects.filter(reply=reply).update(again=True))


def reply_token(folder: Path, row: UUID) -> str:
    """Return the token by which the owner of a record answers; made when needed, kept nowhere."""
    return tokens.token(founded_keys.letters_key(folder), REPLY, row.hex)


@transaction.atomic
def purge(at: datetime) -> int:
    """Delete the unattended copies whose time is over, whatever became of them; return how many.

    None can have longer than 48 hours: one that has was made by a clock that was ahead.
    """
    over = Q(until__lte=at) | Q(until__gt=at + COPY_LASTS + _HOUR)
    return UnattendedCopy.objects.filter(over).delete()[0]


def full_hour_before(at: datetime) -> datetime:
    """Return the last full hour until then: nothing is kept for longer than was promised."""
    return at.replace(minute=0, second=0, microsecond=0)


def full_hour_after(at: datetime) -> datetime:
    """Return the first full hour from then on: no link ends before its time."""
    return full_hour_before(at + _HOUR - timedelta(microseconds=1))


def _add(sealed: bytes, folder: Path, copy: UnattendedCopy | None) -> SealedRecord:
    """Add the row. It has a reply token also where nobody will ever be told of it.

    Else whoever holds `letters.key` could tell, of each row, whether somebody can answer it.
    """
    key = uuid4()
    return SealedRecord.objects.create(
        id=key, sealed=sealed, copy=copy, reply=tokens.digest(reply_token(folder, key))
    )


def _sealed(kind: str, text: object) -> bytes:
    try:
        raw = base64.b64decode(str(text), validate=True)
    except ValueError:  # binascii.Error is one; a text that is not ASCII raises a plain one
        raise UnreadableError(f"{kind}: sealed") from None
    if not SUITE_OVERHEAD < len(raw) <= LONGEST:
        raise UnreadableError(f"{kind}: sealed")
    return raw
