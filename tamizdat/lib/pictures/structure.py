"""Whether a picture's file is what it is said to be: read byte by byte, nothing is decoded.

A file from outside may have taken over the process that decoded it. So the desk looks at the
structure of what comes back, before it keeps it, opens it itself or hands it on to readers.
"""

import re
import struct

from tamizdat.lib.pictures import metadata

MOST_SCANS = 20  # of a JPEG: ours have 10, and opening it takes as long again with each
STARTS = {
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR.{8}\x08[\x02\x06]\0\0\0", re.DOTALL),
    "webp": re.compile(rb"RIFF.{4}WEBP(VP8 .{7}\x9d\x01\x2a|VP8X)", re.DOTALL),
    "avif": re.compile(rb".{4}ftypavif", re.DOTALL),
}
SCAN = b"\xff\xda"
FRAMES = range(0xC0, 0xD0)  # JPEG markers with a size, three others among them
OUR_FRAMES = (0xC0, 0xC2)  # baseline and progressive
NO_FRAMES = (0xC4, 0xC8, 0xCC)
Size = tuple[int, int]


def check(data: bytes, form: str, size: Size) -> None:
    """Return if the file is one whole picture of this form, width and height and nothing else.

    Raises:
        ValueError: it is of another form or size, is cut short, goes on after its end, or holds
            anything besides its pixels.
    """
    try:
        fits = STARTS[form].match(data) and SIZES[form](data) == {size}
    except (LookupError, struct.error) as error:
        raise ValueError("no whole picture") from error
    if not fits:
        raise ValueError("another form or size than was said")
    if metadata.says_more(data):
        raise ValueError("more than a picture, or less")


def _of_jpeg(data: bytes) -> set[Size]:
    if data.count(SCAN) > MOST_SCANS:  # what is coded never holds a marker
        raise ValueError("drawn over and over again")
    sizes = []
    at = 2
    while data[at : at + 2] != SCAN:
        marker, height, width = data[at + 1], *struct.unpack_from(">HH", data, at + 5)
        if marker in FRAMES and marker not in NO_FRAMES:
            sizes.append((width, height) if marker in OUR_FRAMES else (0, 0))
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return set(sizes) if len(sizes) == 1 else set()


def _of_png(data: bytes) -> set[Size]:
    return {struct.unpack_from(">II", data, 16)}


def _of_webp(data: bytes) -> set[Size]:
    if data[12:16] == b"VP8X":
        less_one = int.from_bytes(data[24:27], "little"), int.from_bytes(data[27:30], "little")
        return {(less_one[0] + 1, less_one[1] + 1)}
    width, height = struct.unpack_from("<HH", data, 26)  # the two highest bits are a scale
    return {(width & 0x3FFF, height & 0x3FFF)}


def _of_avif(data: bytes) -> set[Size]:
    """Return what every image in it says: there is a second one where something shows through."""
    [meta] = _inside(data, b"meta")
    [properties] = _inside(meta[4:], b"iprp")
    [container] = _inside(properties, b"ipco")
    return {struct.unpack_from(">II", body, 4) for body in _inside(container, b"ispe")}


def _inside(body: bytes, wanted: bytes) -> list[bytes]:
    return [inner for kind, inner in metadata.boxes(body) if kind == wanted]


SIZES = {"jpg": _of_jpeg, "png": _of_png, "webp": _of_webp, "avif": _of_avif}
