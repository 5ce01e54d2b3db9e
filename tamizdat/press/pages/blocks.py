"""The body of a page as templates get it: blocks with their links resolved.

A template chooses by `block.kind`. Every `html` is clean and may be printed as it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from tamizdat.desk import published
from tamizdat.press.pages.images import TEXT, Image, image
from tamizdat.press.pages.links import Links

_TAKEN = frozenset({"main", "more", "newsletter", "support", "later", "list", "latest", "older"})


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs and lists."""

    kind: ClassVar[str] = "text"
    html: Markup


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the text; `anchor` is its id on this page."""

    kind: ClassVar[str] = "heading"
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption and credit."""

    kind: ClassVar[str] = "figure"
    image: Image


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words; `attribution` may be ""."""

    kind: ClassVar[str] = "quote"
    text: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item is inline html."""

    kind: ClassVar[str] = "items"
    items: tuple[Markup, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """A fact box."""

    kind: ClassVar[str] = "facts"
    title: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Table:
    """A table of plain text; `caption` may be "", `header` empty."""

    kind: ClassVar[str] = "table"
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Embed:
    """Something that plays elsewhere: a link with a still, never a frame."""

    kind: ClassVar[str] = "embed"
    address: str
    title: str
    provider: str
    still: Image | None


Block = Text | Heading | Figure | Quote | Items | Facts | Table | Embed


def body(blocks: Iterable[published.Block], links: Links) -> tuple[Block, ...]:
    """Return the desk's blocks as templates get them."""
    anchors = set(_TAKEN)
    return tuple(_block(block, links, anchors) for block in blocks)


def _block(block: published.Block, links: Links, anchors: set[str]) -> Block:
    match block:
        case published.Heading():
            return Heading(block.text, _anchor(block.text, anchors))
        case published.Figure():
            return Figure(image(block.use, links, TEXT))
        case published.Embed():
            still = image(block.still, links, TEXT) if block.still else None
            return Embed(block.address, block.title, block.provider, still)
        case _:
            return _words(block, links)


def _words(
    block: published.Text | published.Quote | published.Items | published.Facts | published.Table,
    links: Links,
) -> Block:
    match block:
        case published.Text():
            return Text(links.place(block.html))
        case published.Quote():
            return Quote(block.text, block.attribution)
        case published.Items():
            return Items(tuple(links.place(item) for item in block.items), block.ordered)
        case published.Facts():
            return Facts(block.title, links.place(block.html))
        case published.Table():
            return Table(block.caption, block.header, block.rows)


def _anchor(text: str, taken: set[str]) -> str:
    """Return an id for a heading: its longest word in any script, made unique on the page."""
    word = max(re.findall(r"\w+", text.casefold()), key=len, default="part")
    number, anchor = 1, word
    while anchor in taken:
        number += 1
        anchor = f"{word}-{number}"
    taken.add(anchor)
    return anchor
