"""From the demonstration's files to the desk's body blocks."""

import re
from collections.abc import Mapping
from typing import Any

from tamizdat.desk import writing
from tamizdat.desk.models import Picture

OWN_LINK = re.compile(r'<a href="(article|plain):([a-z0-9-]+)">(.*?)</a>', re.DOTALL)


class Bodies:
    """Makes body blocks, with pictures and own links by slug."""

    def __init__(self, pictures: Mapping[str, Picture], pages: Mapping[str, int]) -> None:
        """Take pictures by slug, and the ids of the pages of one language by slug."""
        self.pictures = pictures
        self.pages = pages

    def body(self, raws: list[Mapping[str, Any]]) -> list[writing.Raw]:
        """Return the blocks of an article or a plain page."""
        return [getattr(self, f"_{raw['type']}")(raw) for raw in raws]

    def _html(self, html: str) -> str:
        """Put our own links in the desk's form; a page that is missing leaves its words."""

        def own(found: re.Match[str]) -> str:
            page = self.pages.get(found[2])
            return f'<a linktype="page" id="{page}">{found[3]}</a>' if page else found[3]

        return OWN_LINK.sub(own, html)

    def _text(self, raw: Mapping[str, Any]) -> writing.Raw:
        return writing.text(self._html(raw["html"]))

    def _heading(self, raw: Mapping[str, Any]) -> writing.Raw:
        return writing.heading(raw["text"])

    def _picture(self, raw: Mapping[str, Any]) -> writing.Raw:
        picture = self.pictures[raw["picture"]]
        return writing.picture(picture.pk, raw["caption"], raw["alt"])

    def _quote(self, raw: Mapping[str, Any]) -> writing.Raw:
        return writing.quote(raw["text"], raw.get("attribution", ""))

    def _list(self, raw: Mapping[str, Any]) -> writing.Raw:
        items = [self._html(item) for item in raw["items"]]
        return writing.items(items, ordered=raw.get("ordered", False))

    def _facts(self, raw: Mapping[str, Any]) -> writing.Raw:
        return writing.facts(raw["title"], self._html(raw["html"]))

    def _table(self, raw: Mapping[str, Any]) -> writing.Raw:
        return writing.table(raw.get("caption", ""), raw["header"], raw["rows"])

    def _embed(self, raw: Mapping[str, Any]) -> writing.Raw:
        still = None
        if raw.get("picture"):
            picture = self.pictures[raw["picture"]]
            still = writing.picture(picture.pk, raw["title"], raw.get("alt", raw["title"]))
        return writing.embed(raw["url"], raw["title"], raw["provider"], still)
