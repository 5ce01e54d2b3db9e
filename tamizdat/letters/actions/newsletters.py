"""Set up newsletters, and tell the counter and the edition what is offered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from tamizdat.letters.models import Newsletter, NewsletterText
from tamizdat.letters.newsletters import offers as newsletter_offers
from tamizdat.press import parts
from tamizdat.readers.actions import record_wording
from tamizdat.readers.counter import published


@dataclass(frozen=True, slots=True)
class Words:
    """A newsletter's words in one language."""

    name: str
    about: str
    frequency: str


def save(code: str, weekday: int, words: Mapping[str, Words], at: datetime) -> Newsletter:
    """Make a newsletter or change it; `words` is by language, `weekday` has Monday as 0."""
    newsletter = _save(code, weekday, words)
    publish(settings.NEWSROOM.languages, at.date())
    return newsletter


@transaction.atomic
def _save(code: str, weekday: int, words: Mapping[str, Words]) -> Newsletter:
    newsletter: Newsletter
    newsletter, _ = Newsletter.objects.update_or_create(code=code, defaults={"weekday": weekday})
    for language, each in words.items():
        NewsletterText.objects.update_or_create(
            newsletter=newsletter,
            language=language,
            defaults={"name": each.name, "about": each.about, "frequency": each.frequency},
        )
    return newsletter


def publish(languages: tuple[str, ...], day: date) -> bool:
    """Tell the counter and the edition what is offered; return whether anything changed.

    Wordings of consent are kept first: what a reader is shown must be provable later. The counter
    has a database of its own and is told last: a crash before that has the edition told twice,
    and never leaves it untold.
    """
    with transaction.atomic():
        for language in languages:
            wording = newsletter_offers.wording(language)
            record_wording(language, wording.version, wording.text, day)
        offers = asdict(newsletter_offers.offers(languages))
        if published.differs("letters", offers):
            parts.announce("letters")
    return published.write("letters", offers)
