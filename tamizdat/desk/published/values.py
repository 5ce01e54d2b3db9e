"""What the desk shows of itself: plain, frozen values, never its models.

Every value here is public: it holds nothing of drafts, editors or accounts.
`html` fields are clean (see `desk.cleaning`): only p, a, strong, em, br, ul, ol, li, sub,
sup, code and small, and links are absolute addresses, `mailto:` or `article:ID` and
`plain:ID` for our own pages, which the press resolves (to text, where the target is gone).
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size and format of a picture. `file` holds its bytes, without any metadata."""

    path: str
    file: Path
    form: Literal["avif", "webp", "jpg"]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, whoever uses it. `focus` is the point to keep, as shares of width and height."""

    id: int
    width: int
    height: int
    credit: str
    colour: str
    focus: tuple[float, float]
    renditions: tuple[Rendition, ...]


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A picture on a page, with words in the page's language."""

    picture: Picture
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Section:
    id: int
    language: str
    slug: str
    name: str
    description: str
    order: int
    translations: tuple[tuple[str, str], ...] = ()  # (language, slug)


@dataclass(frozen=True, slots=True)
class Topic:
    id: int
    language: str
    slug: str
    name: str
    description: str
    translations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who stands in a byline: a reporter, an agency or a pseudonym."""

    id: int
    language: str
    slug: str
    name: str
    kind: Literal["reporter", "photographer", "agency", "pseudonym"]
    title: str
    about: str
    translations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Byline:
    person: Person
    role: Literal["by", "photographs", "translation", "additional"]


@dataclass(frozen=True, slots=True)
class Correction:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    use: PictureUse


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item is inline html."""

    items: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Facts:
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Embed:
    """Something that plays elsewhere: a still and a link, never a frame."""

    address: str
    title: str
    provider: str
    still: PictureUse | None


Block = Text | Heading | Figure | Quote | Items | Facts | Table | Embed


@dataclass(frozen=True, slots=True)
class Card:
    """An article as lists show it."""

    id: int
    language: str
    path: str
    kicker: str
    headline: str
    standfirst: str
    published: datetime
    names: tuple[str, ...]  # of those who wrote it; where nobody did, of all in its bylines
    section: Section | None
    lead: PictureUse | None
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """A published article without its body: what says where it belongs."""

    card: Card
    bylines: tuple[Byline, ...]
    topics: tuple[Topic, ...]
    translations: tuple[tuple[str, str], ...]  # (language, path) of its published translations


@dataclass(frozen=True, slots=True)
class Worded:
    """A published article as plain words, for the search."""

    filed: Filed
    text: str  # of its body, captions and corrections


@dataclass(frozen=True, slots=True)
class Article:
    """A published article, whole. Its card holds what lists show of it."""

    card: Card
    updated: datetime | None  # None: not changed since it was published
    dateline: str
    bylines: tuple[Byline, ...]
    body: tuple[Block, ...]
    topics: tuple[Topic, ...]
    corrections: tuple[Correction, ...]
    translations: tuple[tuple[str, str], ...]  # (language, path) of its published translations
    words: int


@dataclass(frozen=True, slots=True)
class Plain:
    """A page such as "About us". `version` stands on the privacy policy: consent names it."""

    id: int
    language: str
    slug: str
    path: str
    title: str
    body: tuple[Block, ...]
    updated: datetime
    version: str
    in_footer: bool
    translations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Front:
    """What editors arranged on a front page; what they left open is empty."""

    language: str
    lead: int | None  # ids of articles
    seconds: tuple[int, ...]
    topics: tuple[Topic, ...]
    live: str  # one line of plain text, "" if there is none
    live_article: int | None
