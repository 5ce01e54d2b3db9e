"""What a page says of itself: what its layout and its metadata are made from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tamizdat.desk.published import PictureUse, Section
from tamizdat.press.pages.view_models import Kind


@dataclass(frozen=True)
class About:
    """What a page says of itself.

    Attributes:
        place: Where it stands by right, if it is printed at a second address too.
        translations: (language, path) of the same page in other languages.
        image: What to show where somebody links to the page.
    """

    kind: Kind
    language: str
    title: str
    description: str = ""
    place: str = ""
    section: Section | None = None
    sensitive: bool = False
    translations: tuple[tuple[str, str], ...] = ()
    image: PictureUse | None = None
    published: datetime | None = None
    updated: datetime | None = None
    json_ld: dict[str, Any] = field(default_factory=dict)
