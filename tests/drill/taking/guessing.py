"""Test suspects: is a hash of this address on the disk, plain or under any key that was found?"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator

import numpy as np

PLAIN = ("md5", "sha1", "sha256", "sha512", "blake2b")
_DIGITS = re.compile(rb"[0-9A-Za-z+/_-]{22,}")
_WINDOWS = (32, 40, 64, 26, 43, 44, 52)  # digits of a hash in hexadecimal, base64 and base32


def digests(address: str, secrets: Iterable[bytes]) -> Iterator[bytes]:
    """Yield every hash of a suspect's address that a careless program might have kept."""
    for form in _forms(address):
        yield from (hashlib.new(name, form).digest() for name in PLAIN)
        for secret in secrets:
            yield hmac.digest(secret, form, "sha256")
            yield hashlib.sha256(secret + form).digest()
            yield hashlib.sha256(form + secret).digest()


def _forms(address: str) -> set[bytes]:
    user, _, domain = address.lower().rpartition("@")
    bare = user.partition("+")[0]
    return {text.encode() for text in (address, address.lower(), f"{bare}@{domain}", bare)}


class Guesses:
    """All hashes of all suspects, as they may stand in a file."""

    def __init__(self, suspects: Iterable[str], secrets: Iterable[bytes]) -> None:
        secrets = list(secrets)
        self._raw: dict[bytes, str] = {}
        self._text: dict[bytes, str] = {}
        for address in suspects:
            for digest in digests(address, secrets):
                self._raw[digest[:8]] = address
                for text in (
                    digest.hex().encode(), base64.b32encode(digest).lower().rstrip(b"="),
                    base64.b64encode(digest), base64.urlsafe_b64encode(digest).rstrip(b"="),
                ):  # fmt: skip
                    self._text[text[:22]] = address
        self._seen: set[bytes] = set()
        self._three = np.zeros(1 << 24, bool)
        heads = np.array([int.from_bytes(key[:3], "little") for key in self._raw], np.uint32)
        if len(heads):
            self._three[heads] = True

    @property
    def tried(self) -> int:
        return len(self._raw)

    def found(self, raw: bytes) -> set[str]:
        """Return the suspects of whom these bytes hold a hash."""
        return self._in_text(raw) | self._in_binary(raw)

    def _in_text(self, raw: bytes) -> set[str]:
        found = set()
        for text in {run[0] for run in _DIGITS.finditer(raw)} - self._seen:
            self._seen.add(text)
            for at in range(min(len(text) - 21, 200)):
                piece = text[at : at + 22]
                if address := self._text.get(piece) or self._text.get(piece.lower()):
                    found.add(address)
        return found

    def _in_binary(self, raw: bytes) -> set[str]:
        data = np.frombuffer(raw, np.uint8)
        if len(data) < 8:
            return set()
        heads = data[:-2].astype(np.uint32)
        heads |= data[1:-1].astype(np.uint32) << 8
        heads |= data[2:].astype(np.uint32) << 16
        near = np.flatnonzero(self._three[heads])
        return {who for at in near.tolist() if (who := self._raw.get(raw[at : at + 8]))}
