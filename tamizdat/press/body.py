"""The body of a page as templates get it: blocks with their links resolved.

A template chooses by `block.kind`. Every `html` is clean and may be printed as it is.
"""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from tamizdat.press.images import Image


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
