"""Clean HTML as plain text that reads well in a mail program."""

import re
import textwrap
from html.parser import HTMLParser

WIDTH = 72
_SPACE = re.compile(r"\s+")
_PARAGRAPHS = frozenset({"p", "ul", "ol", "blockquote", "div"})


class _Reader(HTMLParser):
    """Collects paragraphs; a link's address stands behind its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._words = ""
        self._numbers: list[int | None] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PARAGRAPHS:
            self._end()
        if tag in ("ul", "ol"):
            self._numbers.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._end()
            self._words = self._bullet()
        elif tag == "br":
            self._words += "\n"
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link.startswith(("http:", "https:")):
            self._words += f" <{self._link}>"
        if tag in ("ul", "ol") and self._numbers:
            self._end()
            self._numbers.pop()
        elif tag in _PARAGRAPHS or tag == "li":
            self._end()

    def handle_data(self, data: str) -> None:
        self._words += _SPACE.sub(" ", data)

    def close(self) -> None:
        super().close()
        self._end()

    def _bullet(self) -> str:
        if not self._numbers or self._numbers[-1] is None:
            return "– "
        self._numbers[-1] += 1
        return f"{self._numbers[-1]}. "

    def _end(self) -> None:
        if words := self._words.strip():
            self.paragraphs.append(words)
        self._words = ""


def text_of(html: str) -> str:
    """Return clean HTML as paragraphs of at most 72 characters a line, an empty line between.

    Addresses are never broken: a mail program would open half of one.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(wrapped(paragraph) for paragraph in reader.paragraphs)


def wrapped(text: str) -> str:
    """Return a text with its own line breaks kept and long lines broken at 72 characters."""
    return "\n".join(
        textwrap.fill(line.strip(), WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )
