"""Pictures that say nothing but what they show: cleaning, and the sizes that pages use.

Each call decodes in a process of its own (`process`), one picture at a time: a file of a
few kilobytes may ask for gigabytes, and the process of the desk holds keys.
"""

import io
import os
from collections.abc import Iterator
from typing import IO

from tamizdat.lib.pictures import runner
from tamizdat.lib.pictures.response import Made
from tamizdat.lib.pictures.values import (
    FORMS,
    LONG_SIDE,
    TOO_MUCH,
    Clean,
    Form,
    PictureError,
    sizes,
    widths,
)

__all__ = ["Clean", "Form", "PictureError", "clean", "renditions", "reopen", "widths"]

MOST_BYTES = 60_000_000


def clean(file: bytes | IO[bytes]) -> Clean:
    """Return the picture alone: upright, in sRGB, at most 2560 pixels long, no metadata.

    Lossless files (PNG, GIF) and whatever is transparent become PNG, the rest JPEG.
    Of an animation the first frame is kept. The file's name and claimed type are not asked.
    A large file is best left on the disk until its turn comes: it is read by pieces.

    Raises:
        PictureError: it is no picture of a kind we know, is broken, takes too much time or memory,
            or too many others wait.
    """
    source = io.BytesIO(file) if isinstance(file, bytes) else file
    if source.seek(0, os.SEEK_END) > MOST_BYTES:
        raise PictureError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    with runner.in_turn():
        return _master(runner.run("clean", source))


def reopen(data: bytes) -> Clean:
    """Return what `clean` once made, from its bytes, without drawing it a second time.

    Raises:
        PictureError: `data` is not a file that `clean` could have made.
    """
    master = _master(runner.run("reopen", io.BytesIO(data)))
    if master.data != data:
        raise PictureError(TOO_MUCH)
    return master


def renditions(picture: Clean) -> Iterator[tuple[Form, int, int, bytes]]:
    """Yield (form, width, height, bytes) for each size and form in which pages use it.

    Nothing is enlarged: a picture narrower than the widest size ends with its own width.

    Raises:
        PictureError: `picture` is not what `clean` made.
    """
    made = runner.run("renditions", io.BytesIO(picture.data))
    asked = [(form, *size) for size in sizes(picture.width, picture.height) for form in FORMS]
    if [(each.form, each.width, each.height) for each in made] != asked:
        raise PictureError(TOO_MUCH)
    for (form, width, height), each in zip(asked, made, strict=True):
        yield form, width, height, each.data


def _master(made: list[Made]) -> Clean:
    """Return the one picture that was made, if it is as bounded as every master is.

    The CMS decodes masters in the desk's own process.
    """
    if len(made) != 1 or not _is_master(made[0]):
        raise PictureError(TOO_MUCH)
    [one] = made
    return Clean(one.data, "png" if one.form == "png" else "jpg", one.width, one.height, one.colour)


def _is_master(made: Made) -> bool:
    fits = max(made.width, made.height) <= LONG_SIDE
    return fits and made.form in ("jpg", "png") and bool(made.colour)
