"""Every key that lies on the machine, and what our own program would make of each."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tamizdat.readers import keys
from tamizdat.readers.sealing.opening import PrivateKey, private_key

LONGEST = 8192  # bytes of a file that may be a key
NAMES = ("errand", "reader")  # that an older program sealed to
INFOS = (
    *(b"tamizdat duplicates 1", b"tamizdat reader.private 1", b"tamizdat limits 1|", b""),
    *(b"tamizdat unanswered 1", b"tamizdat mailbox links 1"),
)


@dataclass(frozen=True)
class Keys:
    """What opens, and what keys a hash. `reader` is here only if the passphrase was known."""

    private: tuple[PrivateKey, ...]
    secrets: tuple[bytes, ...]
    files: tuple[str, ...]


def find(copy: Path, passphrase: str | None = None) -> Keys:
    """Look into each small file for what may be a key."""
    private, secrets, files = [], {b""}, []
    for path in sorted(copy.rglob("*")):
        if not path.is_file() or path.is_symlink() or not 16 <= path.stat().st_size <= LONGEST:
            continue
        for raw in _readings(path.read_bytes()):
            if len(raw) == keys.SECRET:
                names = {path.stem} if "-" in path.stem else {path.stem, *NAMES}
                private += [private_key(name, bytearray(raw)) for name in names]
            if len(raw) <= 128 and ("keys" in path.parts or path.suffix in (".key", ".private")):
                secrets |= set(_derived(raw))
                files.append(str(path.relative_to(copy)))
    if passphrase is not None:
        (folder,) = (path.parent for path in copy.rglob("reader.private"))
        secret = keys.unlock_reader(folder, passphrase)
        private.append(private_key("reader", secret))
        secrets.add(keys.duplicates_key(secret))
    return Keys(tuple(private), tuple(secrets), tuple(sorted(set(files))))


def _readings(raw: bytes) -> set[bytes]:
    """Return a file's content as it is, stripped, and read as base64 and hexadecimal digits."""
    text = raw.strip()
    found = {raw, text}
    for decode in (
        lambda: base64.b64decode(text, validate=True),
        lambda: bytes.fromhex(text.decode()),
    ):
        try:
            found.add(decode())
        except (binascii.Error, ValueError, UnicodeDecodeError):
            continue
    return found


def _derived(raw: bytes) -> set[bytes]:
    """Return a secret with all keys that the program derives of such, and some that it does not."""
    return {
        raw,
        hashlib.sha256(raw).digest(),
        *(hashlib.sha256(info + raw).digest() for info in INFOS),
        *(HKDF(SHA256(), 32, salt=None, info=info).derive(raw) for info in INFOS),
    }
