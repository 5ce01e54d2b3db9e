"""One way through an old post's HTML, from its beginning to its end."""

import html
import re
from collections.abc import Callable, Mapping

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from tamizdat.desk.importing.addresses import whole
from tamizdat.desk.importing.html import embeds
from tamizdat.desk.importing.html.markup import (
    DEEPEST,
    Inline,
    has_blocks,
    image_words,
    is_inline,
    words,
)
from tamizdat.desk.importing.html.pieces import Notes, Piece
from tamizdat.desk.published.values import Text

_NEW_PARAGRAPH = re.compile(r"(?:[ \t]*<br>\s*){2,}")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n\s*)+")
_EDGES = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")

Maker = Callable[["Walk", Tag, int], None]


class Walk:
    """Gathers words in a run until something that is no text interrupts them.

    `makers` says what becomes of which tag; a tag that nobody makes something of is looked
    into. `base` is where relative addresses started. In a classic text line ends matter.
    """

    def __init__(
        self, base: str, notes: Notes, makers: Mapping[str, Maker], *, classic: bool
    ) -> None:
        self.pieces: list[Piece] = []
        self.base = base
        self.notes = notes
        self.inline = Inline(base, notes)
        self._makers = makers
        self._classic = classic
        self._run: list[str] = []

    def children(self, node: Tag, depth: int = 0) -> None:
        """Take in all that a node holds."""
        for child in node.children:
            self._take(child, depth)
        self._end_run()

    def inside(self, node: Tag, depth: int) -> list[Piece]:
        """Return what a node holds, on its own."""
        walk = Walk(self.base, self.notes, self._makers, classic=self._classic)
        walk.children(node, depth)
        return walk.pieces

    def add(self, *pieces: Piece | None) -> None:
        self.pieces += [piece for piece in pieces if piece is not None]

    def paragraph(self, inner: str) -> None:
        """Add a paragraph of clean inline HTML, unless it is empty or only names a player."""
        inner = _EDGES.sub("", inner)
        text = html.unescape(re.sub(r"<[^>]*>", "", inner)).strip()
        if not text:
            return
        address = whole(text, "") if re.fullmatch(r"https?://\S+", text) else ""
        if address and embeds.plays(address):
            self.add(embeds.embed(address))
        else:
            self.add(Text(f"<p>{inner}</p>"))

    def _take(self, node: PageElement, depth: int) -> None:
        if isinstance(node, NavigableString):
            self._run.append(self.inline.html(node))
        elif isinstance(node, Tag):
            self._take_tag(node, depth)

    def _take_tag(self, node: Tag, depth: int) -> None:
        if is_inline(node):
            self._run.append(self.inline.html(node))
        elif node.name == "img" and image_words(node):
            self._run.append(html.escape(image_words(node), quote=False))
        elif depth > DEEPEST:
            self.paragraph(html.escape(words(node), quote=False))
        else:
            self._end_run()
            self._makers.get(node.name, _look_inside)(self, node, depth + 1)

    def _end_run(self) -> None:
        run = "".join(self._run).strip()
        self._run = []
        for part in _EMPTY_LINES.split(run) if self._classic else [run]:
            lines = re.sub(r"<br>\s*\n", "<br>", part)
            lines = re.sub(r"\s*\n\s*", "<br>" if self._classic else " ", lines)
            for paragraph in _NEW_PARAGRAPH.split(lines):
                self.paragraph(paragraph)


def _look_inside(walk: Walk, node: Tag, depth: int) -> None:
    address = "" if has_blocks(node) else whole(words(node), "")
    if address and "wp-block-embed__wrapper" in node.get_attribute_list("class"):
        walk.add(embeds.embed(address))
    else:
        walk.children(node, depth)
