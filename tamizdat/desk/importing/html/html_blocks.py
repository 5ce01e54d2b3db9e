"""Turn an old post's HTML into blocks: text, heading, picture, quote, list, facts, table, embed."""

from collections.abc import Mapping

from bs4 import Tag

from tamizdat.desk.importing.html import figures, gutenberg, lists, shortcodes, tables, texts
from tamizdat.desk.importing.html.markup import parse
from tamizdat.desk.importing.html.pieces import Notes, Piece, joined
from tamizdat.desk.importing.html.walk import Maker, Walk


def pieces(content: str, base: str, notes: Notes) -> tuple[Piece, ...]:
    """Return a post's content as blocks. `base` is the old site's address.

    Whatever is in the content, nothing active comes out; what was dropped is in `notes`.
    """
    found: list[Piece] = []
    for stretch in gutenberg.stretches(content, notes):
        tree = parse(shortcodes.expand(stretch.html, notes), notes)
        walk = Walk(base, notes, _MAKERS, classic=stretch.classic)
        walk.children(tree)
        found += walk.pieces
    return joined(found)


def _nothing(_walk: Walk, _node: Tag, _depth: int) -> None:
    """Drop what only looks: a line across the page, a button without a form."""


_MAKERS: Mapping[str, Maker] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), texts.heading),
    **dict.fromkeys(("hr", "source", "col", "colgroup", "button", "legend"), _nothing),
    **dict.fromkeys(figures.PLAYERS, figures.player),
    **dict.fromkeys(("ul", "ol"), lists.bullets),
    "blockquote": texts.quote,
    "pre": texts.preformatted,
    "dl": texts.definitions,
    "details": texts.details,
    "table": tables.table,
    "figure": figures.figure,
    "img": figures.picture,
}
