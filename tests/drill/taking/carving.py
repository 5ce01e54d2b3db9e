"""Find what looks sealed in raw bytes: pages, free pages, write-ahead logs, dead rows, text.

What is sealed has no mark of its own. But databases write a value's length before it, and text
holds it as base64 or hexadecimal digits.
"""

import base64
import binascii
import re
from collections.abc import Iterator

SIZES = (1200, 1264, 1904)  # bytes: an address, a long one, a record
_VARINT = {1200: b"\x92\x6c", 1264: b"\x93\x6c", 1904: b"\x9d\x6c"}  # SQLite: 2 * size + 12
_VARLENA = {size: ((size + 4) << 2).to_bytes(4, "little") for size in SIZES}  # PostgreSQL
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{60,}={0,2}")
_HEX = re.compile(rb"[0-9a-fA-F]{2400,}")
_NEAR = 9000  # bytes between the pieces of one text that a database has cut
_LONGEST_HEADER = 40


def carve(raw: bytes) -> Iterator[bytes]:
    """Yield everything in these bytes that may be sealed."""
    for size in SIZES:
        for at in _places(raw, _VARLENA[size]):
            yield raw[at + 4 : at + 4 + size]
        for at in _places(raw, _VARINT[size]):
            for start in _record_bodies(raw, at):
                yield raw[start : start + size]
    for found in _HEX.finditer(raw):
        yield from _of_every_size(bytes.fromhex(found[0][: len(found[0]) // 2 * 2].decode()))
    yield from _from_base64(raw)


def _places(raw: bytes, mark: bytes) -> Iterator[int]:
    at = raw.find(mark)
    while at >= 0:
        yield at
        at = raw.find(mark, at + 1)


def _record_bodies(raw: bytes, at: int) -> Iterator[int]:
    """Yield where the value begins whose serial type stands at `at` in a row's header."""
    for begin in range(max(0, at - _LONGEST_HEADER), at):
        end = begin + raw[begin]
        if not at + 2 <= end <= begin + 120:
            continue
        types = list(_varints(raw, begin + 1, end))
        before = [size for place, size in types if place < at]
        if any(place == at for place, _ in types):
            yield end + sum(_width(kind) for kind in before)


def _varints(raw: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    while at < end:
        begin, value = at, 0
        while at < end:
            value = value << 7 | raw[at] & 0x7F
            at += 1
            if not raw[at - 1] & 0x80:
                break
        yield begin, value


def _width(kind: int) -> int:
    small = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
    return small.get(kind, max(0, (kind - 12) // 2))


def _from_base64(raw: bytes) -> Iterator[bytes]:
    """Yield what base64 holds; a text that was cut is put together with its neighbours."""
    runs = [(found.start(), found[0]) for found in _BASE64.finditer(raw)]
    for n, (start, run) in enumerate(runs):
        joined, backwards = run, run
        for place, more in [(start, b""), *runs[n + 1 : n + 4]]:
            if place - start > _NEAR:
                break
            joined, backwards = joined + more, more + backwards
            for text in {joined, backwards}:
                yield from _decoded(text)


def _decoded(text: bytes) -> Iterator[bytes]:
    for size in SIZES:
        length = -(-size // 3) * 4
        if len(text) < length:
            continue
        for piece in {text[:length], text[-length:]}:
            try:
                raw = base64.b64decode(piece, validate=True)
            except binascii.Error:
                continue
            if len(raw) == size:
                yield raw


def _of_every_size(raw: bytes) -> Iterator[bytes]:
    for size in SIZES:
        if len(raw) >= size:
            yield raw[:size]
            yield raw[-size:]
