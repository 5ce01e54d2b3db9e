"""Open what is sealed. `letters.delivery` alone may import this; import-linter holds it."""

import base64
import binascii
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from tamizdat.readers import keys
from tamizdat.readers.keys import MLKEM_SEED
from tamizdat.readers.sealing import (
    SUITE,
    AddressError,
    info,
    record_info,
    unpadded,
    unpadded_record,
)
from tamizdat.readers.sealing.records import Record, RecordError, unpack


class OpeningError(Exception):
    """This was not sealed to this key, or was changed since."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What opens an address. It never shows itself in a log or an error."""

    name: str
    key: MLKEM768X25519PrivateKey = field(repr=False)


def private_key(name: str, secret: bytearray) -> PrivateKey:
    """Return the key made of a secret, which the caller may wipe afterwards."""
    mlkem = MLKEM768PrivateKey.from_seed_bytes(secret[:MLKEM_SEED])
    x25519 = X25519PrivateKey.from_private_bytes(secret[MLKEM_SEED:])
    return PrivateKey(name, MLKEM768X25519PrivateKey(mlkem, x25519))


def open_sealed(sealed: bytes, key: PrivateKey) -> str:
    """Return the address in `sealed`.

    Raises:
        OpeningError: it was sealed to another key, or a byte of it was changed.
    """
    try:
        return unpadded(SUITE.decrypt(sealed, key.key, info(key.name)))
    except (InvalidTag, ValueError, AddressError):
        raise OpeningError("This address was not sealed to this key, or was changed.") from None


def open_record(sealed: bytes, key: PrivateKey, mark: bytes = b"") -> Record:
    """Return the record in `sealed`, which has this mark.

    Raises:
        OpeningError: it was sealed to another key or with another mark, or a byte of it was
            changed.
    """
    try:
        bound = record_info(key.name, mark)
        return unpack(unpadded_record(SUITE.decrypt(sealed, key.key, bound)))
    except (InvalidTag, ValueError, AddressError, RecordError):
        raise OpeningError("This record was not sealed to this key, or was changed.") from None


def open_link(text: str, letters_key: bytes) -> str:
    """Return the address that a letter's own link holds (`mailbox_links`).

    Raises:
        OpeningError: we made no such link.
    """
    key = AESSIV(keys.links_key(letters_key))
    try:
        raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
        return key.decrypt(raw, None).decode()
    except (binascii.Error, InvalidTag, ValueError):
        raise OpeningError("We made no such link.") from None
