"""What letters add to the edition: the sign-up box, a page for each newsletter and each issue."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings

from tamizdat.lib import paths
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import theme
from tamizdat.press import parts
from tamizdat.press.parts import PartPage, Place, Slot

NAME = "letters"
SHOWN = 52  # older issues that a newsletter's page lists


class Letters:
    """The part. It reads newsletters, sent issues and what is published; readers it never sees."""

    name = NAME

    def fragment(self, slot: Slot, place: Place) -> str:
        """Return the sign-up box, or nothing where no newsletter is offered in the language.

        Beside a sensitive article there is none: that page asks its reader for nothing.
        It links to newsletters' pages and never to the latest issue: else every article would
        have to be printed again each Friday (promise P3).
        """
        if slot not in ("newsletter", "front") or place.sensitive:
            return ""
        return place.once((NAME, place.language), lambda: self._box(place))

    def _box(self, place: Place) -> str:
        from tamizdat.letters.newsletters import offers

        offered = offers.newsletters(place.language)
        if not offered:
            return ""
        wording = offers.wording(place.language)
        newsletters = [
            (
                each.code,
                each.name,
                each.about,
                _sentence(each.frequency),
                place.link(paths.newsletter(place.language, each.code)),
            )
            for each in offered
        ]
        return theme().render(
            "parts/newsletter.html",
            place.language,
            action=f"{settings.NEWSROOM.addresses.counter}/{place.language}/subscribe",
            newsletters=newsletters,
            privacy_href=place.link(offers.privacy(place.language)),
            privacy_version=wording.version,
            language=place.language,
            consent_text=wording.text,
        )

    def pages(self) -> Iterable[PartPage]:
        """Return a page for each newsletter in each of its languages, and for each sent issue."""
        from tamizdat.letters.models import NewsletterText

        newsroom: Newsroom = settings.NEWSROOM
        for words in NewsletterText.objects.select_related("newsletter"):
            if words.language in newsroom.languages:
                yield from _pages(words)


def register_part() -> None:
    """Add the part to the slot of the press."""
    parts.register(Letters())


def _pages(words: Any) -> Iterator[PartPage]:
    from tamizdat.letters.models import Issue

    language, code = words.language, words.newsletter.code
    own = paths.newsletter(language, code)
    about = {
        "name": words.name,
        "about": words.about,
        "frequency": _sentence(words.frequency),
        "path": own,
    }
    sent = Issue.objects.filter(newsletter=words.newsletter, language=language, day__isnull=False)
    issues = [_shown(issue, code) for issue in sent.order_by("-day")]
    context = {
        "newsletter": about,
        "latest": issues[0] if issues else None,
        "older": issues[1 : SHOWN + 1],
    }
    yield PartPage(own, language, words.name, "press/newsletter.html", context)
    for issue in issues:
        context = {"newsletter": about, "issue": issue}
        yield PartPage(issue["path"], language, issue["subject"], "press/letter.html", context)


def _sentence(text: str) -> str:
    """Return "every Friday" as a sentence of its own, to stand behind others."""
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "!", "?", "؟")) else f"{whole}."


def _shown(issue: Any, code: str) -> Mapping[str, Any]:
    """Return an issue as its page shows it: its words, and today's cards of its articles."""
    from tamizdat.letters.newsletters import composing

    return {
        "path": paths.newsletter(issue.language, code, issue.day.isoformat()),
        "subject": issue.subject,
        "day": issue.day,
        "greeting": composing.paragraphs(issue.greeting),
        "items": composing.page_items(list(issue.carried)),
        "signoff": composing.paragraphs(issue.signoff),
    }
