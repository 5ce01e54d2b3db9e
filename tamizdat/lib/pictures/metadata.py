"""What a picture's file says besides its pixels: read byte by byte, without a picture library.

This is the second pair of eyes on `lib.pictures.drawing`: it shares no code with what it checks.
"""

import re
import struct
from collections.abc import Iterator

PIXELS_PNG = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA", b"cHRM"))
PIXELS_WEBP = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH"))
PIXELS_AVIF = frozenset((b"ftyp", b"meta", b"mdat", b"free"))
BRANDS = frozenset((b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"))
JFIF_WITHOUT_THUMBNAIL = 16  # bytes of the segment; a thumbnail follows it
MARK, END, SCAN, COMMENT, JFIF, ADOBE = 0xFF, 0xD9, 0xDA, 0xFE, 0xE0, 0xEE
LAST_NARROW = 2  # version of an item entry; later ones have item numbers of four bytes
APPLICATION = range(0xE0, 0xF0)
ALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # JPEG markers without a length
AFTER_SCAN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7]")  # no stuffed zero, none of those


def has_metadata(data: bytes) -> list[str]:
    """Return what the file holds besides pixels, in words; an empty list is a clean file.

    Colour profiles count: they name devices. So do thumbnails, comments, and bytes after the
    picture's end. A file that is no JPEG, PNG, WebP or AVIF/HEIC, or is cut short, is never clean.
    """
    try:
        return list(_found(data))
    except (IndexError, struct.error):
        return ["broken file"]


def says_more(data: bytes) -> bool:
    """Return whether it holds anything besides pixels; reads on to the first such thing only."""
    try:
        return next(_found(data), None) is not None
    except (IndexError, struct.error):
        return True


def _found(data: bytes) -> Iterator[str]:
    if data.startswith(b"\xff\xd8"):
        yield from _in_jpeg(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _in_png(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        yield from _in_webp(data)
    elif data[4:8] == b"ftyp" and data[8:12] in BRANDS:
        yield from _in_boxes(data)
    else:
        yield "unknown format"


def _in_jpeg(data: bytes) -> Iterator[str]:
    at = 2
    while True:
        if data[at] != MARK:
            yield "bytes between segments"
            return
        marker = data[at + 1]
        if marker == END:
            break
        if marker in ALONE:
            at += 2
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        yield from _in_segment(marker, data[at + 4 : at + 2 + size])
        at += 2 + size
        if marker == SCAN:
            at = _end_of_scan(data, at)
    if data[at + 2 :]:
        yield "bytes after the end"


def _in_segment(marker: int, body: bytes) -> Iterator[str]:
    if marker == COMMENT:
        yield "comment"
    elif marker == JFIF and (not body.startswith(b"JFIF\0") or len(body) > JFIF_WITHOUT_THUMBNAIL):
        yield "thumbnail"
    elif (
        marker != JFIF
        and marker in APPLICATION
        and not (marker == ADOBE and body.startswith(b"Adobe"))
    ):
        yield f"APP{marker - JFIF} {body[:12].split(bytes(1))[0].decode('latin-1')}".strip()


def _end_of_scan(data: bytes, at: int) -> int:
    """Return where the next marker stands: 0xFF that no stuffed zero or restart follows."""
    found = AFTER_SCAN.search(data, at)
    if found is None:
        raise IndexError("a scan without an end")
    return found.start()


def _in_png(data: bytes) -> Iterator[str]:
    at, kind = 8, b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind not in PIXELS_PNG:
            yield f"PNG {kind.decode('latin-1')}"
        at += 12 + size
    if data[at:]:
        yield "bytes after the end"


def _in_webp(data: bytes) -> Iterator[str]:
    end = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    while at < end:
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind not in PIXELS_WEBP:
            yield f"WebP {kind.decode('latin-1').strip()}"
        at += 8 + size + size % 2
    if data[end:]:
        yield "bytes after the end"


def _in_boxes(data: bytes) -> Iterator[str]:
    """AVIF and HEIC (ISO/IEC 14496-12 and 23008-12): notes are items of the `meta` box."""
    for kind, body in boxes(data):
        if kind not in PIXELS_AVIF:
            yield f"box {kind.decode('latin-1')}"
        if kind == b"meta":
            yield from _in_meta(body[4:])


def _in_meta(body: bytes) -> Iterator[str]:
    for kind, inner in boxes(body):
        if kind == b"iinf":
            entries = inner[6:] if inner[0] == 0 else inner[8:]
            yield from _in_items(entries)
        elif kind == b"iprp":
            yield from _in_properties(inner)
        elif kind == b"iref" and b"thmb" in (name for name, _ in boxes(inner[4:])):
            yield "thumbnail"
        elif kind in (b"uuid", b"xml ", b"bxml", b"udta"):
            yield f"box {kind.decode('latin-1').strip()}"


def _in_items(entries: bytes) -> Iterator[str]:
    for _, entry in boxes(entries):
        narrow = entry[0] <= LAST_NARROW
        kind = entry[8:12] if narrow else entry[10:14]
        if kind in (b"Exif", b"mime", b"uri "):
            yield f"item {kind.decode('latin-1').strip()}"


def _in_properties(body: bytes) -> Iterator[str]:
    for kind, container in boxes(body):
        if kind != b"ipco":
            continue
        for name, content in boxes(container):
            if name == b"colr" and content[:4] in (b"prof", b"rICC"):
                yield "colour profile"
            elif name in (b"uuid", b"udes"):
                yield f"box {name.decode('latin-1')}"


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and body of each box that stands in these bytes, without those inside it.

    Raises:
        IndexError: a box ends after its file.
        struct.error: a box's head is cut short.
    """
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        size = size or len(data) - at
        if size < head or at + size > len(data):
            raise IndexError("a box ends after its file")
        yield kind, data[at + head : at + size]
        at += size
