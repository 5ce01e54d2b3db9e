"""Seal anew what an older program sealed to its errand key, which had no end.

Migrations use it, once in a newsroom's life. Then `retire` writes the databases anew and destroys
the old keys: in this order, so that a crash in between repeats the work and loses nothing.
"""

import logging
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.privacy import erasing
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.opening import OpeningError, PrivateKey, open_sealed, private_key
from tamizdat.readers.sealing.records import Record

log = logging.getLogger(__name__)
OLD_PRIVATE, OLD_PUBLIC, OLD_TAGS = "errand.private", "errand.public", "tags.key"
COPY_LASTS = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Resealer:
    """Opens with the old errand key, and seals to today's keys."""

    folder: Path
    errand: PrivateKey | None = field(repr=False)

    def address(self, sealed: bytes) -> str | None:
        """Return an address that was sealed to the old key; None if it does not open."""
        if self.errand is None:
            return None
        try:
            return open_sealed(bytes(sealed), self.errand)
        except OpeningError:
            return None

    def to_reader(self, record: Record) -> bytes:
        """Return the record, sealed to the reader key."""
        return records.seal(record, keys.reader_public(self.folder))

    def copy(self, record: Record, since: datetime, at: datetime) -> dict[str, Any] | None:
        """Return the fields of an unattended copy; None where the 48 hours are over."""
        until = (since + COPY_LASTS).replace(minute=0, second=0, microsecond=0)
        if until <= at:
            return None
        pair = unattended.rotate(self.folder, at)
        sealed = records.seal(record, unattended.public(self.folder, pair.name))
        return {"key": pair.name, "sealed": sealed, "until": until}


def resealer(folder: Path) -> Resealer:
    """Return what seals anew, with the old key if it is still there."""
    path = folder / OLD_PRIVATE
    if not path.exists():
        return Resealer(folder, None)
    secret = bytearray(keys.decoded(path))
    try:
        return Resealer(folder, private_key("errand", secret))
    finally:
        keys.wipe(secret)


def retire(newsroom: Newsroom) -> bool:
    """Destroy the old keys once nothing is sealed to them; return whether there were any.

    Call it after the migrations. The databases are written anew first, since free pages hold what
    the old key opens.
    """
    old = [newsroom.keys / name for name in (OLD_PRIVATE, OLD_PUBLIC, OLD_TAGS)]
    there = [path for path in old if os.access(path, os.F_OK)]  # not in a closed folder
    if not there:
        return False
    erasing.rewrite_everything()
    for path in there:
        keys.overwrite(path)
        path.unlink()
    log.warning("the errand key of an older program was destroyed; delete its backups, too")
    return True
