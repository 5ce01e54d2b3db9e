"""The newsroom's keys: made once, kept in files that only the newsroom may read.

The *reader key* opens addresses of subscribers and all that waits; its private half is itself
locked with a passphrase. *Unattended keys* open what is answered meanwhile and live for 49
hours (`keys/unattended.py`). A pair is X-Wing, ML-KEM-768 with X25519
(draft-connolly-cfrg-xwing-kem): who copies sealed addresses today and owns a quantum
computer later still cannot read them.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tamizdat.lib.shallow_json import loads

READER = "reader"
PLAIN_KEYS = ("letters.key", "django.key")
FILES = ("reader.public", "reader.private", *PLAIN_KEYS)

MLKEM_SEED = 64
MLKEM_PUBLIC = 1184
SECRET = MLKEM_SEED + 32
SCRYPT = {"n": 2**17, "r": 8, "p": 1}  # 128 MiB and about half a second a guess
MOST_COST = {"n": 2**18, "r": 8, "p": 1}  # what a damaged file may ask of us: twice that
LOCKED = {"salt": 16, "nonce": 12, "sealed": SECRET + 16}  # bytes; AES-GCM adds its tag
_LOCK_INFO = b"tamizdat reader.private 1"
_DUPLICATES_INFO = b"tamizdat duplicates 1"
_UNANSWERED_INFO = b"tamizdat unanswered 1"
_LINKS_INFO = b"tamizdat mailbox links 1"
_DESK_MARK_INFO = b"tamizdat sealed at the desk 1"

LONGEST_PASSPHRASE = 4000  # bytes: with the word before it, one message (`lib.worker_socket`)


class KeysError(Exception):
    """The keys are missing, damaged, there already, or the passphrase is wrong."""


class WrongPassphraseError(KeysError):
    """The reader key does not open with this passphrase."""


class ForeignKeyError(KeysError):
    """This is another newsroom's key."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What seals an address: public, and the only kind of key that the counter holds.

    `name` is "reader", or the name of an unattended key.
    """

    name: str
    raw: bytes
    key: MLKEM768X25519PublicKey


def make(folder: Path, passphrase: str) -> None:
    """Make all keys of a newsroom in `folder`; nobody but its owner can read the files.

    A key is never written over: what was sealed to the old one would be lost for ever.

    Raises:
        KeysError: a key is there already, or the passphrase is empty or too long.
        OSError: they cannot be written; there is none then.
    """
    if not passphrase:
        raise KeysError("The reader key needs a passphrase.")
    if len(passphrase.encode()) > LONGEST_PASSPHRASE:
        raise KeysError(f"A passphrase has at most {LONGEST_PASSPHRASE} bytes.")
    if there := [name for name in FILES if (folder / name).exists()]:
        raise KeysError(f"{folder / there[0]} is there already; keys are never written over.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret, public = fresh_pair()
    pair = {"reader.public": encoded(public), "reader.private": _locked(secret, passphrase) + b"\n"}
    plain = {name: secrets.token_hex(32).encode() + b"\n" for name in PLAIN_KEYS}
    write_all(folder, pair | plain)


def reader_public(folder: Path) -> PublicKey:
    """Return the public half of the reader key, as the file has it.

    Whether it is this newsroom's only the database knows: the desk asks
    `founded_keys.reader_public`.

    Raises:
        KeysError: it is missing or damaged.
    """
    return public_from(decoded(folder / "reader.public"), READER)


def public_from(raw: bytes, name: str) -> PublicKey:
    """Return a public key from its bytes, ML-KEM-768's half before X25519's.

    Raises:
        KeysError: these are no such bytes.
    """
    try:
        halves = (
            MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:]),
        )
    except ValueError as error:
        raise KeysError(f"{name}.public is damaged.") from error
    return PublicKey(name, raw, MLKEM768X25519PublicKey(*halves))


def unlock_reader(folder: Path, passphrase: str | bytearray) -> bytearray:
    """Return the private half of the reader key, in memory that the caller can wipe.

    Of a passphrase in a bytearray no copy is made, so that the caller can wipe that, too. It takes
    about half a second and 128 MiB, for us as for somebody who guesses.

    Raises:
        WrongPassphraseError: the passphrase is not the one it was locked with.
        KeysError: the file is missing or damaged, or does not belong to `reader.public`. With the
            key of another newsroom nothing here opens, and what does not open would be forgotten.
    """
    (salt, nonce, sealed), cost = _locked_reader(folder)
    secret = bytearray(SECRET)
    try:
        typed = passphrase.encode() if isinstance(passphrase, str) else passphrase
        key = Scrypt(salt=salt, length=32, **cost).derive(typed)
        AESGCM(key).decrypt_into(nonce, sealed, _LOCK_INFO, secret)
    except InvalidTag as error:
        raise WrongPassphraseError("The passphrase is wrong.") from error
    except ValueError as error:
        raise KeysError("reader.private is damaged.") from error
    if public_of(secret) != reader_public(folder).raw:
        wipe(secret)
        raise KeysError("reader.private does not belong to reader.public.")
    return secret


def _locked_reader(folder: Path) -> tuple[list[bytes], dict[str, int]]:
    """Return salt, nonce and what is sealed in reader.private, and what a guess costs."""
    try:
        said = loads((folder / "reader.private").read_text(encoding="ascii"))
        cost = {name: _cost(name, said[name]) for name in SCRYPT}
        return [_part(said[name], size) for name, size in LOCKED.items()], cost
    except OSError as error:
        raise KeysError(f"reader.private cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeysError("reader.private is damaged.") from error


def _cost(name: str, said: Any) -> int:
    if type(said) is not int or not 1 <= said <= MOST_COST[name] or said & (said - 1):
        raise ValueError("a cost")
    return said


def _part(said: Any, size: int) -> bytes:
    raw = base64.b64decode(said, validate=True)
    if len(raw) != size:
        raise ValueError("cut short")
    return raw


def public_of(secret: bytearray) -> bytes:
    """Return the public half of a pair, from its private one."""
    mlkem = MLKEM768PrivateKey.from_seed_bytes(secret[:MLKEM_SEED])
    x25519 = X25519PrivateKey.from_private_bytes(secret[MLKEM_SEED:])
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def duplicates_key(secret: bytearray) -> bytes:
    """Return the key that recognises two sign-ups of one person, made of the reader secret.

    It exists only while the reader key is unlocked. So nobody who takes the machine can test
    whether an address is on record.
    """
    return HKDF(SHA256(), 32, salt=None, info=_DUPLICATES_INFO).derive(bytes(secret))


def unanswered_key(secret: bytearray) -> bytes:
    """Return the key under which letters are counted that nobody answered, made like the other.

    It is another one, so that no row there is found to be a reader's.
    """
    return HKDF(SHA256(), 32, salt=None, info=_UNANSWERED_INFO).derive(bytes(secret))


def links_key(letters_key: bytes) -> bytes:
    """Return the key of the links in which a letter carries its own address (`mailbox_links`)."""
    return HKDF(SHA256(), 64, salt=None, info=_LINKS_INFO).derive(letters_key)


def desk_mark(letters_key: bytes) -> bytes:
    """Return the secret by which records that the desk sealed are told from those of a counter."""
    return HKDF(SHA256(), 32, salt=None, info=_DESK_MARK_INFO).derive(letters_key)


def letters_key(folder: Path) -> bytes:
    """Return the secret of links, tokens and the desk's mark, as the file has it.

    Whether it is this newsroom's only the database knows: the desk asks
    `founded_keys.letters_key`.

    Raises:
        KeysError: it is missing or damaged.
    """
    return shared_secret(folder, "letters.key")


def signing_key(folder: Path) -> str:
    """Return the key that signs who is signed in at the desk.

    Raises:
        KeysError: it is missing or damaged.
    """
    return shared_secret(folder, "django.key").hex()


def check(folder: Path, name: str) -> None:
    """Read one of `FILES`, without a passphrase and without asking whose it is.

    Raises:
        KeysError: it is missing or damaged.
    """
    if name == "reader.public":
        reader_public(folder)
    elif name == "reader.private":
        _locked_reader(folder)
    else:
        shared_secret(folder, name)


def shared_secret(folder: Path, name: str) -> bytes:
    """Return a plain key ("letters.key") as its 32 bytes.

    Raises:
        KeysError: it is missing or damaged.
    """
    try:
        raw = bytes.fromhex((folder / name).read_text(encoding="ascii"))
    except OSError as error:
        raise KeysError(f"{name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysError(f"{name} is damaged.") from error
    if len(raw) != 32:  # noqa: PLR2004  bytes of every plain key
        raise KeysError(f"{name} is damaged.")
    return raw


def wipe(secret: bytearray) -> None:
    """Overwrite a secret where it stands. Copies that Python made meanwhile are out of reach."""
    secret[:] = bytes(len(secret))


def fresh_pair() -> tuple[bytes, bytes]:
    """Return the private and the public half of a new key pair."""
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    secret = mlkem.private_bytes_raw() + x25519.private_bytes_raw()
    return secret, mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def _locked(secret: bytes, passphrase: str) -> bytes:
    salt, nonce = (secrets.token_bytes(LOCKED[name]) for name in ("salt", "nonce"))
    key = Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode())
    sealed = AESGCM(key).encrypt(nonce, secret, _LOCK_INFO)
    texts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    said = {name: base64.b64encode(raw).decode() for name, raw in texts.items()}
    return json.dumps({"kdf": "scrypt", "cipher": "AES-256-GCM", **SCRYPT, **said}).encode()


def encoded(raw: bytes) -> bytes:
    """Return the content of a key's file: base64 on one line."""
    return base64.b64encode(raw) + b"\n"


def decoded(path: Path) -> bytes:
    """Return the key in a file.

    Raises:
        KeysError: it is missing or damaged.
    """
    try:
        return base64.b64decode(path.read_bytes().strip(), validate=True)
    except OSError as error:
        raise KeysError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysError(f"{path.name} is damaged.") from error


def overwrite(path: Path) -> None:
    """Fill a key's file with random bytes, on the disk too, before it is deleted.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def write(path: Path, content: bytes) -> None:
    """Make a file that only its owner may read; it is on the disk when this returns.

    Raises:
        OSError: one is there, or it cannot be written. What was begun is gone then: it would be
            taken for a key.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make files as `write` does, or none of them.

    Raises:
        OSError: one cannot be written.
    """
    written: list[Path] = []
    try:
        for name, content in contents.items():
            write(folder / name, content)
            written.append(folder / name)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
