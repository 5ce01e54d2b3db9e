"""Unattended keys: short-lived pairs that open only what is answered before the next unlock.

A new pair is made every hour. Its public half is published to the counter. Its private half is
destroyed 49 hours after it was made: one in use and 48 after it was replaced. So what was sealed to
it is closed for good then, wherever a copy of it lies: in a write-ahead log, a dead row, a worn
block of a drive. A pair that is in use for longer would open such copies for as much longer. It has
no passphrase, so it never goes into a backup: the folder carries the mark by which backup programs
leave it out (Cache Directory Tagging Specification, https://bford.info/cachedir/).
"""

import errno
import hashlib
import logging
import re
import secrets
from collections.abc import Iterator
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
#: Errors of a moment in which the machine has too little of something, and not of the file.
_OF_A_MOMENT = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EINTR}
_LIMITS_INFO = b"tamizdat limits 1|"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A key pair by its name, which holds the hour in which it was made (UTC)."""

    made: datetime
    name: str


def made(name: str) -> datetime | None:
    """Return the hour in which the pair of this name was made; None if it is no such name."""
    pair = _pair(name)
    return pair.made if pair else None


def pairs(folder: Path) -> list[Pair]:
    """Return the pairs whose private half is here, the newest last. `folder` is the keys'.

    In a folder that is out of reach there are none.

    Raises:
        KeysError: it cannot be looked into at this moment.
    """
    try:
        found = [each for each in (folder / FOLDER).iterdir() if each.suffix == ".private"]
    except OSError as error:
        if error.errno in _OF_A_MOMENT:
            raise KeysError(f"{FOLDER} cannot be read: {error.strerror}.") from error
        return []
    return sorted(pair for path in found if (pair := _pair(path.stem)) is not None)


def rotate(folder: Path, at: datetime) -> Pair:
    """Return the pair in use, made now if the last one is too old; destroy those that are over.

    A pair is destroyed by its age alone. Where nobody replaced it for days, because no worker
    ran, what was sealed to it waits for the reader key. One that cannot be destroyed is named in
    the log and keeps no other.

    Raises:
        KeysError: a new pair cannot be written.
    """
    for pair in pairs(folder):
        if is_over(pair, at):
            _try_to_destroy(folder, pair)
    alive = [pair for pair in pairs(folder) if pair.made <= at < pair.made + IN_USE]
    whole = [pair for pair in alive if _is_whole(folder, pair)]
    return whole[-1] if whole else _make(folder, at)


def is_over(pair: Pair, at: datetime) -> bool:
    """Say whether a pair has to go: by its age, or because a clock that was ahead made it.

    By its name it would live for as long as the clock was ahead. What was sealed to it waits for
    the reader key. A clock that is put right by less than an hour costs no pair.
    """
    return pair.made + LIVES <= at or pair.made > at + IN_USE


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
    if _pair(name) is None:
        return None
    try:
        raw = keys.decoded(path)
    except KeysError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
    if len(raw) != keys.SECRET:
        raise KeysError(f"{path.name} is damaged.")
    return bytearray(raw)


def destroy(folder: Path, name: str) -> None:
    """Overwrite the private half of a pair, then delete both halves.

    What cannot be overwritten is deleted all the same. What a drive keeps of overwritten blocks is
    out of our reach (flash memory writes elsewhere): the machine's disk should be encrypted.

    Raises:
        OSError: the private half cannot be deleted.
    """
    private = folder / FOLDER / f"{name}.private"
    try:
        keys.overwrite(private)
    except OSError as error:
        log.warning("an unattended key is deleted without overwriting it: %s", error.strerror)
    private.unlink()
    private.with_suffix(".public").unlink(missing_ok=True)


def _try_to_destroy(folder: Path, pair: Pair) -> None:
    try:
        destroy(folder, pair.name)
    except OSError as error:
        log.error("an unattended key that is over cannot be destroyed: %s", error.strerror)  # noqa: TRY400  the reason is said


def limit_keys(folder: Path) -> dict[str, bytes]:
    """Return a key for limits by the name of each living pair; each is gone with its pair.

    A tag that is made with one recognises an address for 49 hours at most. A damaged pair has none,
    nor has one that cannot be read: no other letter waits for it.

    Raises:
        KeysError: one cannot be read at this moment. Without it a mailbox that has an open sign-up
            would not be recognised.
    """
    found = {}
    for name in names(folder):
        try:
            half = opener(folder, name)
        except KeysError as error:
            if _is_of_a_moment(error):
                raise
            log.warning("an unattended key recognises nothing: %s", error)
            continue
        if half is not None:
            found[name] = hashlib.sha256(_LIMITS_INFO + bytes(half)).digest()
            keys.wipe(half)
    return found


def opener(folder: Path, name: str) -> bytearray | None:
    """Return the private half of a pair; None where it is destroyed or damaged, for good.

    Raises:
        KeysError: it cannot be read now. What was sealed to it has to wait and must not be given
            up: a file that may not be opened today opens once its rights are mended.
    """
    try:
        return secret(folder, name)
    except KeysError as error:
        if isinstance(error.__cause__, OSError):
            raise
        log.warning("an unattended key opens nothing: %s", error)
        return None


def _is_whole(folder: Path, pair: Pair) -> bool:
    try:
        return opener(folder, pair.name) is not None
    except KeysError as error:
        log.warning("an unattended key is not used: %s", error)
        return False


def _is_of_a_moment(error: KeysError) -> bool:
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _OF_A_MOMENT


def _make(folder: Path, at: datetime) -> Pair:
    name = f"{at.astimezone(UTC):%Y-%m-%dT%H}-{secrets.token_hex(4)}"
    try:
        _write_pair(folder / FOLDER, name)
    except OSError as error:
        raise KeysError(f"An unattended key cannot be written: {error.strerror}.") from error
    pair = _pair(name)
    assert pair is not None
    return pair


def _write_pair(place: Path, name: str) -> None:
    """Write both halves, or leave neither."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (place / NO_BACKUP).exists():
        keys.write(place / NO_BACKUP, _SIGNATURE)
    private, public_half = keys.fresh_pair()
    halves = {f"{name}.public": public_half, f"{name}.private": private}
    keys.write_all(place, {file: keys.encoded(half) for file, half in halves.items()})


def _pair(name: str) -> Pair | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Pair(datetime.strptime(found[1], "%Y-%m-%dT%H").replace(tzinfo=UTC), name)


def names(folder: Path) -> Iterator[str]:
    """Yield the names of the living pairs."""
    return (pair.name for pair in pairs(folder))
