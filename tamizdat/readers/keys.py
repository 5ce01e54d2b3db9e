"""The newsroom's keys: made once, kept in files that only the newsroom may read.

Two key pairs hide addresses. The *reader key* hides those of subscribers; its private half
is itself locked with a passphrase. The *errand key* works unattended and opens only what is
due, so its private half is a plain file. A pair is X-Wing, ML-KEM-768 with X25519
(draft-connolly-cfrg-xwing-kem): who copies sealed addresses today and owns a quantum
computer later still cannot read them.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

KeyName = Literal["reader", "errand"]
PLAIN_KEYS = ("tags.key", "letters.key", "django.key")
FILES = ("reader.public", "reader.private", "errand.public", "errand.private", *PLAIN_KEYS)

MLKEM_SEED = 64
MLKEM_PUBLIC = 1184
SECRET = MLKEM_SEED + 32
SCRYPT = {"n": 2**17, "r": 8, "p": 1}  # 128 MiB and about half a second a guess
_LOCK_INFO = b"tamizdat reader.private 1"


class KeysError(Exception):
    """The keys are missing, damaged, there already, or the passphrase is wrong."""


class WrongPassphraseError(KeysError):
    """The reader key does not open with this passphrase."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What seals an address: public, and the only kind of key that the counter holds."""

    name: str
    key: MLKEM768X25519PublicKey


def make(folder: Path, passphrase: str) -> None:
    """Make all keys of a newsroom in `folder`; nobody but its owner can read the files.

    A key is never written over: what was sealed to the old one would be lost for ever.

    Raises:
        KeysError: a key is there already, or the passphrase is empty.
    """
    if not passphrase:
        raise KeysError("The reader key needs a passphrase.")
    if there := [name for name in FILES if (folder / name).exists()]:
        raise KeysError(f"{folder / there[0]} is there already; keys are never written over.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("reader", "errand"):
        secret, public = _fresh_pair()
        _write(folder / f"{name}.public", base64.b64encode(public) + b"\n")
        private = _locked(secret, passphrase) if name == "reader" else base64.b64encode(secret)
        _write(folder / f"{name}.private", private + b"\n")
    for name in PLAIN_KEYS:
        _write(folder / name, secrets.token_hex(32).encode() + b"\n")


def public(folder: Path, name: KeyName) -> PublicKey:
    """Return the public half of a key pair.

    Raises:
        KeysError: it is missing or damaged.
    """
    return public_from(public_bytes(folder, name), name)


def public_bytes(folder: Path, name: KeyName) -> bytes:
    """Return the public half of a key pair as it stands in its file.

    Raises:
        KeysError: it is missing or no base64.
    """
    return _decoded(folder / f"{name}.public")


def public_from(raw: bytes, name: str) -> PublicKey:
    """Return the public half of a key pair from its bytes.

    Raises:
        KeysError: they are damaged.
    """
    if len(raw) != MLKEM_PUBLIC + 32:
        raise KeysError(f"{name}.public is damaged.")
    try:
        halves = (
            MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:]),
        )
    except ValueError as error:
        raise KeysError(f"{name}.public is damaged.") from error
    return PublicKey(name, MLKEM768X25519PublicKey(*halves))


def errand_secret(folder: Path) -> bytearray:
    """Return the private half of the errand key.

    Raises:
        KeysError: it is missing or damaged.
    """
    raw = _decoded(folder / "errand.private")
    if len(raw) != SECRET:
        raise KeysError("errand.private is damaged.")
    return bytearray(raw)


def unlock_reader(folder: Path, passphrase: str) -> bytearray:
    """Return the private half of the reader key, in memory that the caller can wipe.

    It takes about half a second and 128 MiB, for us as for somebody who guesses.

    Raises:
        WrongPassphraseError: the passphrase is not the one it was locked with.
        KeysError: the file is missing or damaged.
    """
    try:
        said = json.loads((folder / "reader.private").read_text(encoding="ascii"))
        salt, nonce, sealed = (base64.b64decode(said[k]) for k in ("salt", "nonce", "sealed"))
        cost = {name: int(said[name]) for name in SCRYPT}
    except OSError as error:
        raise KeysError(f"reader.private cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeysError("reader.private is damaged.") from error
    secret = bytearray(SECRET)
    try:
        key = Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode())
        AESGCM(key).decrypt_into(nonce, sealed, _LOCK_INFO, secret)
    except InvalidTag as error:
        raise WrongPassphraseError("The passphrase is wrong.") from error
    except ValueError as error:
        raise KeysError("reader.private is damaged.") from error
    return secret


def shared_secret(folder: Path, name: str) -> bytes:
    """Return one of the plain keys ("tags.key", "letters.key") as its 32 bytes.

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


def _fresh_pair() -> tuple[bytes, bytes]:
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    secret = mlkem.private_bytes_raw() + x25519.private_bytes_raw()
    return secret, mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def _locked(secret: bytes, passphrase: str) -> bytes:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    key = Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode())
    sealed = AESGCM(key).encrypt(nonce, secret, _LOCK_INFO)
    texts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    said = {name: base64.b64encode(raw).decode() for name, raw in texts.items()}
    return json.dumps({"kdf": "scrypt", "cipher": "AES-256-GCM", **SCRYPT, **said}).encode()


def _decoded(path: Path) -> bytes:
    try:
        return base64.b64decode(path.read_bytes().strip(), validate=True)
    except OSError as error:
        raise KeysError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysError(f"{path.name} is damaged.") from error


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
