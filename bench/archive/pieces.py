"""An article as the generator thinks of it, before it is rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Signed:
    """A byline: somebody's number among the people of the language, and the role."""

    person: int
    role: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A use of a picture of the library."""

    picture: int
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One article. `number` counts from 0, oldest first, over all languages."""

    number: int
    language: str
    key: UUID  # shared with its translations
    headline: str
    slug: str
    kicker: str
    standfirst: str
    dateline: str
    published: datetime
    updated: datetime
    section: str
    topics: tuple[str, ...]
    signed: tuple[Signed, ...]
    lead: Shown | None
    body: list[dict[str, Any]]
    sensitive: bool
    corrections: tuple[tuple[datetime, str], ...]
