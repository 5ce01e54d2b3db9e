"""Pictures that stories need and do not ask about: each is decoded once in a test process.

To clean a picture and to draw its sizes takes two processes and half a second. They make the same
of the same bytes, so the second story with a picture gets what was made for the first. Who tests
how pictures are cleaned calls the real thing.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from tamizdat.lib import pictures
from tamizdat.lib.pictures import Clean, Form

if TYPE_CHECKING:
    from tamizdat.desk.models import Picture

_clean = lru_cache(pictures.clean)
_draw = pictures.renditions


@lru_cache
def _renditions(picture: Clean) -> tuple[tuple[Form, int, int, bytes], ...]:
    return tuple(_draw(picture))


def take_in(data: bytes, name: str, *, title: str, credit: str) -> "Picture":
    """Take a picture in as `desk.actions.pictures.take_in` does."""
    from tamizdat.desk.actions import pictures as real

    with pytest.MonkeyPatch.context() as known:
        known.setattr(real, "clean", _clean)
        known.setattr(pictures, "renditions", _renditions)
        return real.take_in(data, name, title=title, credit=credit)
