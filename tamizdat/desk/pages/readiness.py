"""What an article lacks before readers may get it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from tamizdat.lib.visible import is_visible

if TYPE_CHECKING:
    from tamizdat.desk.models import ArticlePage, Picture


class GapError(ValidationError):
    """Something that readers would miss. Editors are told the picture's title; alerts are not."""

    def __init__(self, which: str, lacks: str, title: str = "") -> None:
        named = f"{which} “{title}”" if title else which
        super().__init__(f"{named} {lacks}")
        self.unnamed = f"{which} {lacks}"


def require(article: "ArticlePage") -> None:
    """Raise a ValidationError that names everything readers would miss."""
    if lacking := list(gaps(article)):
        raise ValidationError(lacking)


def gaps(article: "ArticlePage") -> Iterator[GapError]:
    """Yield, in sentences, what has to be filled in before the article is published."""
    if not is_visible(article.title):
        yield GapError("The article", "has no headline that can be seen. Write one.")
    if article.section is None:
        yield GapError("The article", "has no section. Choose the one it belongs to.")
    lead = article.lead_picture
    if lead is not None:
        words = {"caption": article.lead_caption, "alt": article.lead_alt}
        yield from _of_picture(lead, words, "The lead photo")
    for block in article.body:
        yield from _of_block(block)


def _of_block(block: Any) -> Iterator[GapError]:
    if block.block_type == "picture":
        yield from _of_use(block.value.get("picture"), block.value, "The picture in the text")
    elif block.block_type == "embed" and block.value.get("still"):
        yield from _of_use(block.value["still"], block.value, "The still")


def _of_use(picture: "Picture | None", words: Any, which: str) -> Iterator[GapError]:
    if picture is None:
        yield GapError(which, "has been deleted. Choose another, or take its block out.")
    else:
        yield from _of_picture(picture, words, which)


def _of_picture(picture: "Picture", words: Any, which: str) -> Iterator[GapError]:
    lacks = []
    if not is_visible(words.get("caption") or ""):
        lacks.append("has no caption. Say what it shows, who and where.")
    if not is_visible(words.get("alt") or ""):
        lacks.append("has no alt text. Say what somebody needs to know who cannot see it.")
    if not is_visible(picture.credit):
        lacks.append("has no credit. Open the picture and say who made it.")
    yield from (GapError(which, each, picture.title) for each in lacks)
