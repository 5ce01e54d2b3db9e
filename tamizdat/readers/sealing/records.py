"""Sealed records: what waits for the reader key, as one record of fixed size for each wish.

What is wished, by whom, for which month or contribution stands inside the seal and in no column.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tamizdat.lib.shallow_json import loads
from tamizdat.readers.keys import PublicKey
from tamizdat.readers.sealing import seal_record

VERSION = 1


class RecordError(ValueError):
    """This is no record of ours; the message never repeats it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, opened. It shows neither the address nor the details in a log.

    `details` is what its kind needs, in JSON: a month, a manage token, what was told already.
    """

    kind: str
    address: str = field(repr=False)
    language: str
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)


def seal(record: Record, key: PublicKey, mark: bytes = b"") -> bytes:
    """Return the record, sealed; with the desk's mark if it is given (`sealing.seal_record`).

    Raises:
        AddressError: it is longer than a record may be.
    """
    return seal_record(pack(record), key, mark)


def pack(record: Record) -> bytes:
    """Return a record as compact JSON in UTF-8."""
    said = [VERSION, record.kind, record.address, record.language, dict(record.details)]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(raw: bytes) -> Record:
    """Return the record in these bytes, which the public side wrote: trust nothing in it.

    Raises:
        RecordError: they hold none.
    """
    try:
        version, kind, address, language, details = loads(raw)
    except (ValueError, TypeError):
        raise RecordError("no record") from None
    if version != VERSION or not all(map(_is_text, (kind, address, language))):
        raise RecordError("no record of this version")
    if not isinstance(details, dict):
        raise RecordError("no details")
    return Record(kind, address, language, details)


def _is_text(said: object) -> bool:
    """Say whether it is a text that can be written: JSON can hold half a character."""
    return isinstance(said, str) and bool(said) and not any(map(_is_half, said))


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"
