"""Unattended keys: short-lived pairs that open only what is answered before the next unlock.

A new pair is made every hour. Its public half is published to the counter. Its private half is
destroyed 49 hours after it was made: one in use and 48 after it was replaced. So what was sealed to
it is closed for good then, wherever a copy of it lies: in a write-ahead log, a dead row, a worn
block of a drive. A pair that is in use for longer would open such copies for as much longer. It has
no passphrase, so it never goes into a backup: the folder carries the mark by which backup programs
leave it out (Cache Directory Tagging Specification, https://bford.info/cachedir/).
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tamizdat.readers import keys
from tamizdat.readers.keys import KeysError, PublicKey

FOLDER = "unattended"
IN_USE = timedelta(hours=1)
LIVES = timedelta(hours=49)
NO_BACKUP = "CACHEDIR.TAG"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n"
_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d)-[0-9a-f]{8}")
_LIMITS_INFO = b"tamizdat limits 1|"


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A key pair by its name, which holds the hour in which it was made (UTC)."""

    made: datetime
    name: str


def pairs(folder: Path) -> list[Pair]:
    """Return the pairs whose private half is here, the newest last. `folder` is the keys'."""
    found = (folder / FOLDER).glob("*.private")
    return sorted(pair for path in found if (pair := _pair(path.stem)) is not None)


def rotate(folder: Path, at: datetime) -> Pair:
    """Return the pair in use, made now if the last one is too old; destroy those that are over.

    A pair is destroyed by its age alone. Where nobody replaced it for days, because no worker
    ran, what was sealed to it waits for the reader key.
    """
    with suppress(KeysError):
        for pair in pairs(folder):
            if pair.made + LIVES <= at:
                destroy(folder, pair.name)
    alive = [pair for pair in pairs(folder) if pair.made <= at < pair.made + IN_USE]
    return alive[-1] if alive else _make(folder, at)


def public(folder: Path, name: str) -> PublicKey:
    """Return the public half of a pair.

    Raises:
        KeysError: it is missing or damaged.
    """
    return keys.public_from(keys.decoded(folder / FOLDER / f"{name}.public"), name)


def secret(folder: Path, name: str) -> bytearray | None:
    """Return the private half of a pair, in memory that the caller can wipe; None if destroyed.

    Raises:
        KeysError: the file is damaged or cannot be read.
    """
    path = folder / FOLDER / f"{name}.private"
    if _pair(name) is None or not path.exists():
        return None
    raw = keys.decoded(path)
    if len(raw) != keys.SECRET:
        raise KeysError(f"{path.name} is damaged.")
    return bytearray(raw)


def destroy(folder: Path, name: str) -> None:
    """Overwrite the private half of a pair, then delete both halves.

    What a drive keeps of overwritten blocks is out of our reach (flash memory writes elsewhere):
    the machine's disk should be encrypted.
    """
    private = folder / FOLDER / f"{name}.private"
    with private.open("r+b") as file:
        file.write(os.urandom(private.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    private.unlink()
    private.with_suffix(".public").unlink(missing_ok=True)


def limit_keys(folder: Path) -> dict[str, bytes]:
    """Return a key for limits by the name of each living pair; each is gone with its pair.

    A tag that is made with one recognises an address for 49 hours at most.
    """
    found = {}
    for pair in pairs(folder):
        half = secret(folder, pair.name)
        if half is not None:
            found[pair.name] = hashlib.sha256(_LIMITS_INFO + bytes(half)).digest()
            keys.wipe(half)
    return found


def _make(folder: Path, at: datetime) -> Pair:
    place = folder / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (place / NO_BACKUP).exists():
        keys.write(place / NO_BACKUP, _SIGNATURE)
    name = f"{at.astimezone(UTC):%Y-%m-%dT%H}-{secrets.token_hex(4)}"
    private, public_half = keys.fresh_pair()
    keys.write(place / f"{name}.public", keys.encoded(public_half))
    keys.write(place / f"{name}.private", keys.encoded(private))
    pair = _pair(name)
    assert pair is not None
    return pair


def _pair(name: str) -> Pair | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Pair(datetime.strptime(found[1], "%Y-%m-%dT%H").replace(tzinfo=UTC), name)


def names(folder: Path) -> Iterator[str]:
    """Yield the names of the living pairs."""
    return (pair.name for pair in pairs(folder))
