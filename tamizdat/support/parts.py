"""What support adds to the edition: the line at the top, the ask, and a page about giving."""

from collections.abc import Iterable, Mapping
from typing import Any

from tamizdat.lib import paths
from tamizdat.lib.newsroom import Newsroom, Policy
from tamizdat.lib.theme import theme
from tamizdat.press import parts
from tamizdat.press.parts import PartPage, Place, Slot
from tamizdat.support.actions import NAME
from tamizdat.support.appeals import appealing
from tamizdat.support.appeals.wording import Wording, country_names, default, filled

TEMPLATES: Mapping[Slot, str] = {"appeal": "parts/appeal.html", "front": "parts/front.html"}


class Support:
    """The part. A sensitive article asks for nothing, and nobody is asked where that is unsafe."""

    name = NAME

    def fragment(self, slot: Slot, place: Place) -> str:
        """Return the line or the box for a place, as the newsroom's policy there wants it."""
        if place.sensitive:
            return ""
        policy = theme().newsroom.policy(place.language, place.section)
        of = (NAME, slot, place.language, policy)
        return place.once(of, lambda: self._ask(slot, place, policy))

    def _ask(self, slot: Slot, place: Place, policy: Policy) -> str:
        newsroom: Newsroom = theme().newsroom
        page = place.link(page_path(place.language))
        if slot == "strip":
            return _strip(newsroom, place.language, policy, page)
        if slot not in TEMPLATES:
            return ""
        context = appealing.context(newsroom, place.language, wording(place.language))
        return theme().render(
            TEMPLATES[slot],
            place.language,
            policy=policy,
            read_first_href=f"{page}#read-first",
            later_href=f"{page}#later",
            **context,
        )

    def pages(self) -> Iterable[PartPage]:
        """Return the page about giving, in each language."""
        newsroom: Newsroom = theme().newsroom
        for language in newsroom.languages:
            words = wording(language)
            context: dict[str, Any] = {
                **appealing.context(newsroom, language, words),
                "ask_policy": newsroom.policy(language, None),
                "read_first_href": "#read-first",
                "countries": country_names(newsroom.support.refused_countries, language),
            }
            title = theme().text("Support us", language)
            yield PartPage(page_path(language), language, title, "support/page.html", context)


def page_path(language: str) -> str:
    """Return the path of the page about giving."""
    return paths.support(language)


def wording(language: str) -> Wording:
    """Return a language's words as the editors left them."""
    from tamizdat.support.models import Appeal

    appeal = Appeal.objects.filter(language=language).first()
    return appeal.wording if appeal is not None else default(language)


def register_part() -> None:
    """Add the part to the slot of the press."""
    parts.register(Support())


def _strip(newsroom: Newsroom, language: str, policy: str, page: str) -> str:
    """Return the line at the top, only where everybody is asked."""
    if policy != "ask":
        return ""
    sentence = _filled(newsroom, language).strip
    return theme().render(
        "parts/strip.html", language, newsroom=newsroom, support_href=page, sentence=sentence
    )


def _filled(newsroom: Newsroom, language: str) -> Wording:
    countries = country_names(newsroom.support.refused_countries, language)
    return filled(wording(language), newsroom.in_language(language).name, countries)
