"""What is known of a picture: its clean master, its sizes, and why a file is refused."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LONG_SIDE = 2560
WIDTHS = (320, 640, 960, 1280, 1920)
MOST_ANSWER = 40_000_000  # bytes: of a master, or of all sizes; noise 2560 high takes 27 million

DAMAGED = (
    "The file cannot be read as a picture: it may be damaged, or hold too much besides it. "
    "Save it anew as a JPEG, PNG, WebP, AVIF, GIF, TIFF or HEIC file and send it again."
)
TOO_MUCH = (
    "To read this picture takes more time or memory than one picture may take. "
    "Save it as a plain JPEG, at most 6000 pixels wide, and send it again."
)

Form = Literal["avif", "webp", "jpg"]
FORMS: tuple[Form, ...] = ("avif", "webp", "jpg")


class PictureError(Exception):
    """The file is no picture that we can clean; the message may be shown to its sender."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture without metadata: `data` is a JPEG or PNG file, `digest` its SHA-256 in hex."""

    data: bytes
    form: Literal["jpg", "png"]
    width: int
    height: int
    colour: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def sizes(width: int, height: int) -> Iterator[tuple[int, int]]:
    """Yield the widths and heights, in pixels, at which a picture of this size is offered."""
    for narrower in widths(width):
        yield narrower, max(1, round(height * narrower / width))


def widths(own: int) -> tuple[int, ...]:
    """Return the widths, in pixels, at which a picture of this width is offered."""
    widest = min(own, WIDTHS[-1])
    return (*(width for width in WIDTHS if width < widest), widest)
