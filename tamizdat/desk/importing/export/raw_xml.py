"""Make the bytes of an export fit for an XML parser, a piece at a time.

Exports in the wild begin with empty lines, hold control characters that XML forbids, and
letters cut in half. None of that is an attack, and none of it should cost an editor the
archive, so it is mended here. Everything leaves as UTF-8.
"""

import codecs
import re
import sys
from typing import BinaryIO

PIECE = 64 * 1024  # bytes
MOST_PER_ITEM = 64 * 1024 * 1024  # bytes; the longest book has about 10 MB

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_HALF_REFERENCE = re.compile(r"&[#0-9a-zA-Z]{0,10}\Z")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class ExportError(Exception):
    """The file cannot be imported. Its text is one sentence for the person who tried."""


class CleanXML:
    """A file to read from, whose bytes are valid UTF-8 and legal characters of XML 1.0."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        first = file.read(PIECE)
        self._decode = codecs.getincrementaldecoder(_encoding(first))("replace").decode
        self._next = first
        self._held = ""
        self._begun = False
        self._since_item = 0

    def item_done(self) -> None:
        """Begin to count the next item's bytes."""
        self._since_item = 0

    def read(self, _size: int = -1) -> bytes:
        """Return the next piece, b"" at the end.

        Raises:
            ExportError: one item alone has grown beyond all measure.
        """
        while self._next:
            raw, self._next = self._next, self._file.read(PIECE)
            self._since_item += len(raw)
            if self._since_item > MOST_PER_ITEM:
                raise ExportError("One item of this export is bigger than 64 MB: this is no text.")
            if text := self._mend(self._decode(raw, final=not self._next)):
                return text.encode()
        rest, self._held = self._held, ""
        return rest.encode()

    def _mend(self, text: str) -> str:
        text = self._held + text
        half = _HALF_REFERENCE.search(text, max(0, len(text) - 12)) if self._next else None
        self._held = half[0] if half else ""
        text = text[: len(text) - len(self._held)]
        text = _REFERENCE.sub(_legal_reference, _FORBIDDEN.sub("", text))
        if not self._begun:
            text = text.lstrip("\ufeff \t\r\n")
            self._begun = bool(text)
        return text


def _encoding(first: bytes) -> str:
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    declared = _DECLARED.match(first)
    try:
        return codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
    except LookupError as error:
        raise ExportError("This file is written in an encoding that nobody knows.") from error


def _legal_reference(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    if code > sys.maxunicode or _FORBIDDEN.match(chr(code)):
        return ""
    return found[0]
