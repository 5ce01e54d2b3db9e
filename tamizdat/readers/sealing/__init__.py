"""Seal an address so that the public side can write it and never read it back (promise P6)."""

from typing import Final

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tamizdat.readers.keys import PublicKey

SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SHORT, LONG = 64, 128
LONGEST = LONG - 1
_END = b"\x80"  # of the text, as in ISO/IEC 7816-4: then zeros


SUITE_OVERHEAD: Final = 1136  # bytes: an X-Wing ciphertext of 1,120 and a tag of 16
RECORDS = (768, 6144)  # bytes of a record before it is sealed; the second for long answers


class AddressError(ValueError):
    """This is no address that we can seal; the message never repeats it."""


def seal(address: str, key: PublicKey) -> bytes:
    """Return the address, readable only to who holds the private half of `key`.

    HPKE (RFC 9180, base mode) over the address padded to 64 bytes: 1,200 bytes, so that a
    sealed address does not tell how long it is. One of 64 to 127 bytes, which hardly anybody
    has, is padded to 128. Sealing twice gives two different results.

    Raises:
        AddressError: it is empty or longer than 127 bytes.
    """
    return SUITE.encrypt(padded(address), key.key, info(key.name))


def padded(address: str) -> bytes:
    """Return the address in UTF-8, filled up to 64 or 128 bytes.

    Raises:
        AddressError: it is empty or longer than 127 bytes.
    """
    raw = address.encode()
    if not 0 < len(raw) <= LONGEST:
        raise AddressError("the address is empty or too long")
    size = SHORT if len(raw) < SHORT else LONG
    return (raw + _END).ljust(size, b"\0")


def unpadded(raw: bytes) -> str:
    """Return the address that was padded.

    Raises:
        AddressError: it is no padded address.
    """
    text, end, _ = raw.rpartition(_END)
    if len(raw) not in (SHORT, LONG) or not end or not text:
        raise AddressError("what was sealed is no address")
    return text.decode()


def info(name: str) -> bytes:
    """Return what binds a sealed address to the key it was meant for."""
    return f"tamizdat address 1 {name}".encode()


def seal_record(content: bytes, key: PublicKey, mark: bytes = b"") -> bytes:
    """Return the content of a record, readable only to who holds the private half of `key`.

    It is padded to 768 bytes, whatever it says, so that its length tells nothing: 1,904 bytes.
    Only our answer to "what do you hold about me" may be longer, and is padded to 6,144.

    With a `mark` (`keys.desk_mark`) it opens only to who names the same one: so nobody who does
    not know it can make such a record. Without the private half nobody can tell which has one.

    Raises:
        AddressError: it is longer than 6,143 bytes.
    """
    size = next((size for size in RECORDS if len(content) < size), None)
    if size is None:
        raise AddressError("the record is too long")
    return SUITE.encrypt((content + _END).ljust(size, b"\0"), key.key, record_info(key.name, mark))


def unpadded_record(raw: bytes) -> bytes:
    """Return the content of a record that was padded.

    Raises:
        AddressError: it is no padded record.
    """
    content, end, _ = raw.rpartition(_END)
    if len(raw) not in RECORDS or not end:
        raise AddressError("what was sealed is no record")
    return content


def record_info(name: str, mark: bytes = b"") -> bytes:
    """Return what binds a sealed record to the key it was meant for, and to its mark."""
    return f"tamizdat record 1 {name}".encode() + mark
