"""Bodies of 600 to 800 words: paragraphs, now and then a heading, a quote, a list, a picture."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from bench.archive.wire import Paragraph

Raw = dict[str, Any]
TARGET = (615, 680)  # words; the last paragraph and the headings come on top
QUOTED = 45  # words at most in a quote
CHANCES = {"heading": 45, "none": 30, "quote": 12, "list": 8, "picture": 5}


def taken(rng: random.Random, pool: Sequence[Paragraph]) -> list[Paragraph]:
    """Return as many of the paragraphs as make a body, again from the start if need be."""
    wanted, total, at = rng.randint(*TARGET), 0, 0
    chosen: list[Paragraph] = []
    while total < wanted:
        chosen.append(pool[at % len(pool)])
        total += chosen[-1].words
        at += 1
    return chosen


class Layout:
    """Lays paragraphs out as the desk's blocks."""

    def __init__(
        self, rng: random.Random, headings: Sequence[str], picture: Callable[[], Raw]
    ) -> None:
        """`headings` are used up in their order; `picture` makes the value of a picture block."""
        self._rng = rng
        self._headings = list(headings)
        self._picture = picture
        self._blocks: list[Raw] = []

    def blocks(self, paragraphs: Sequence[Paragraph], links: Sequence[int]) -> list[Raw]:
        """Return the blocks; each of `links` (page ids) is linked from a paragraph of its own."""
        waiting, to_link = list(paragraphs), list(links)
        while waiting:
            count = self._rng.randint(3, 6)
            some, waiting = waiting[:count], waiting[count:]
            html = [f"<p>{paragraph.text}</p>" for paragraph in some]
            if to_link:
                html[-1] = _linked(some[-1].text, to_link.pop())
            self._put("text", "".join(html))
            if waiting:
                self._interlude(waiting)
        return self._blocks

    def _interlude(self, waiting: list[Paragraph]) -> None:
        kind = self._rng.choices(list(CHANCES), list(CHANCES.values()))[0]
        if kind == "heading" and self._headings:
            self._put("heading", self._headings.pop(0))
        elif kind == "quote" and waiting[0].words <= QUOTED:
            self._put("quote", {"text": _plain(waiting.pop(0).text), "attribution": ""})
        elif kind == "list":
            items = re.split(r"(?<=[.!?؟]) ", waiting.pop(0).text)
            self._put("list", {"ordered": False, "items": [self._item(item) for item in items]})
        elif kind == "picture":
            self._put("picture", self._picture())

    def _item(self, html: str) -> Raw:
        return {"type": "item", "value": html, "id": self._id()}

    def _put(self, kind: str, value: Any) -> None:
        self._blocks.append({"type": kind, "value": value, "id": self._id()})

    def _id(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))


def _linked(text: str, page: int) -> str:
    words = text.split(" ")
    label, rest = " ".join(words[:4]), " ".join(words[4:])
    return f'<p><a linktype="page" id="{page}">{label}</a> {rest}</p>'


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
