"""What a text is made of before it reaches the desk: its blocks, and what could not come along."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tamizdat.desk.published.values import Embed, Facts, Heading, Items, Quote, Table, Text


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as the old page showed it. `number` is its attachment's, 0 if that is not told."""

    address: str
    number: int
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Gallery:
    """Several attachments in a row; none named means all that hang on the post."""

    numbers: tuple[int, ...]


Piece = Text | Heading | Quote | Items | Facts | Table | Embed | Photo | Gallery


@dataclass(slots=True)
class Notes:
    """What was left out of a text and what was carried otherwise than it stood, each said once."""

    left_out: list[str] = field(default_factory=list)
    adjusted: list[str] = field(default_factory=list)

    def leave_out(self, what: str) -> None:
        if what not in self.left_out:
            self.left_out.append(what)

    def adjust(self, what: str) -> None:
        if what not in self.adjusted:
            self.adjusted.append(what)


def joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces with neighbouring texts made one: editors work on runs of paragraphs."""
    whole: list[Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if isinstance(piece, Text) and isinstance(last, Text):
            whole[-1] = Text(last.html + piece.html)
        else:
            whole.append(piece)
    return tuple(whole)
