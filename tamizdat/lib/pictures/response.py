"""What the process that decodes has answered, believed only as far as it was checked.

It read a file from outside, which may have taken it over: then it says whatever that file wants,
at any length. What does not fit is refused as a whole.
"""

import json
import os
import re
from dataclasses import dataclass
from typing import Any, BinaryIO

from tamizdat.lib.pictures import structure
from tamizdat.lib.pictures.values import MOST_ANSWER, TOO_MUCH, PictureError

MOST_LINE = 10_000  # bytes: fifteen sizes take less than 2,000
MOST_SENTENCE = 400  # characters
NOT_OURS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, and is a picture of this form and size and nothing else."""

    form: str
    width: int
    height: int
    colour: str  # "" where nobody asked for it
    data: bytes


def read(answer: BinaryIO) -> list[Made]:
    """Return what was made.

    Raises:
        PictureError: the process refused the picture, or its answer is not one that ours gives.
    """
    try:
        return _read(answer)
    except NOT_OURS as error:
        raise PictureError(TOO_MUCH) from error


def _read(answer: BinaryIO) -> list[Made]:
    if os.fstat(answer.fileno()).st_size > MOST_ANSWER:
        raise ValueError("too long")
    told = json.loads(answer.readline(MOST_LINE))
    if "refused" in told:
        raise PictureError(_sentence(told["refused"]))
    made = [_made(about, answer) for about in told["made"]]
    if answer.read(1):
        raise ValueError("bytes after the last file")
    return made


def _sentence(told: Any) -> str:
    """Return the refusal, which the sender is going to read."""
    if not isinstance(told, str) or not told.isprintable() or len(told) > MOST_SENTENCE:
        raise TypeError("no sentence")
    return told


def _made(about: Any, answer: BinaryIO) -> Made:
    form, width, height = str(about["form"]), int(about["width"]), int(about["height"])
    data, colour = answer.read(about["length"]), str(about.get("colour", ""))
    if len(data) != about["length"] or (colour and not COLOUR.fullmatch(colour)):
        raise ValueError("another length or colour than ours")
    structure.check(data, form, (width, height))
    return Made(form, width, height, colour, data)
