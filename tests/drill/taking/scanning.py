"""Look for a mark that stands in every address, in every encoding that a program may have used."""

import base64
import re
import zlib
from collections.abc import Iterator

_STREAMS = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_MOST = 1 << 18  # bytes that a packed stream is unpacked to


def needles(mark: str) -> set[bytes]:
    """Return the mark in every encoding. Quoted-printable, percent and JSON leave letters be."""
    raw = mark.encode()
    spellings = (mark, mark.upper(), mark.capitalize())
    return {
        *(text.encode() for text in spellings),
        *(text.encode(code) for text in spellings for code in ("utf-16-le", "utf-16-be")),
        *(_base64(raw, phase) for phase in range(3)),
        *(base64.b32encode(b"\0" * phase + raw)[8:-8].rstrip(b"=") for phase in range(5)),
        raw.hex().encode(), raw.hex().upper().encode(), raw[::-1],
        "".join(f"\\u{ord(letter):04x}" for letter in mark).encode(),
        "".join(f"%{ord(letter):02X}" for letter in mark).encode(),
        "".join(f"={ord(letter):02X}" for letter in mark).encode(),
    } - {b""}  # fmt: skip


def _base64(raw: bytes, phase: int) -> bytes:
    """Return those digits of the mark that do not depend on its neighbours."""
    coded = base64.b64encode(b"\0" * phase + raw)
    first = -(-phase * 8 // 6)
    return coded[first : (phase + len(raw)) * 8 // 6]


def found(raw: bytes, sought: set[bytes]) -> Iterator[bytes]:
    """Yield the encodings of the mark that are in these bytes, or in what is packed in them."""
    for text in (raw, raw.replace(b"=\r\n", b"").replace(b"=\n", b"")):
        yield from (needle for needle in sought if needle in text)
    for stream in _STREAMS.finditer(raw):
        inside = _unpacked(raw[stream.start() : stream.start() + _MOST])
        yield from (needle for needle in sought if needle in inside)


def _unpacked(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj(47).decompress(raw, _MOST)
    except zlib.error:
        return b""
