"""Pictures that say nothing but what they show: cleaning, and the sizes that pages use.

Each call decodes in a process of its own (`picture_process`), one picture at a time: a file of a
few kilobytes may ask for gigabytes, and the process of the desk holds keys.
"""

import re
from collections.abc import Iterator
from typing import Any

from tamizdat.lib import picture_child
from tamizdat.lib.picture_values import LONG_SIDE, TOO_MUCH, Clean, Form, PictureError, widths

__all__ = ["Clean", "Form", "PictureError", "clean", "renditions", "reopen", "widths"]

MOST_BYTES = 60_000_000


def clean(data: bytes) -> Clean:
    """Return the picture alone: upright, in sRGB, at most 2560 pixels long, no metadata.

    Lossless files (PNG, GIF) and whatever is transparent become PNG, the rest JPEG.
    Of an animation the first frame is kept. The file's name and claimed type are not asked.

    Raises:
        PictureError: it is no picture of a kind we know, is broken, takes too much time or memory,
            or too many others wait.
    """
    if len(data) > MOST_BYTES:
        raise PictureError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    with picture_child.in_turn():
        return _only(picture_child.run("clean", data))


def reopen(data: bytes) -> Clean:
    """Return what `clean` once made, from its bytes, without drawing it a second time.

    Raises:
        PictureError: `data` is not a file that `clean` could have made.
    """
    return _only(picture_child.run("reopen", data))


def renditions(picture: Clean) -> Iterator[tuple[Form, int, int, bytes]]:
    """Yield (form, width, height, bytes) for each size and form in which pages use it.

    Nothing is enlarged: a picture narrower than the widest size ends with its own width.

    Raises:
        PictureError: `picture` is not what `clean` made.
    """
    for about, data in picture_child.run("renditions", picture.data):
        yield about["form"], about["width"], about["height"], data


def _only(made: list[tuple[dict[str, Any], bytes]]) -> Clean:
    """Return the one picture that was made, if it is as bounded as every master is.

    The CMS decodes masters in the desk's own process. What comes back is checked, since a file
    may have got the better of the decoder.
    """
    [(about, data)] = made
    form, width, height = about["form"], about["width"], about["height"]
    colour = about["colour"]
    bounded = 0 < width <= LONG_SIDE and 0 < height <= LONG_SIDE
    if not bounded or form not in ("jpg", "png") or not re.fullmatch("#[0-9a-f]{6}", colour):
        raise PictureError(TOO_MUCH)
    return Clean(data, form, width, height, colour)
