"""A shard of a language's search ("en:7"): a page of the list of all its articles."""

from zoneinfo import ZoneInfo

from tamizdat.desk.published import Worded
from tamizdat.lib import paths
from tamizdat.lib.proper_form import ProperForm
from tamizdat.press import shelf
from tamizdat.press.frames import shortened
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, Sheet
from tamizdat.press.search import shard
from tamizdat.press.search.shard import Entry
from tamizdat.press.shelves import Shelves


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where the shard's files stand; nowhere when it holds no article."""
    language, number = _parse(subject)
    if language not in reading.newsroom.languages:
        return []
    articles = len(_articles(reading.shelves, language, number))
    named = (paths.search_file(language, number, name) for name in shard.names(articles))
    return [Address(path, language, "shard") for path in named]


def make(run: Run, subject: str) -> Printed | None:
    """Return the shard's files."""
    language, number = _parse(subject)
    on_it = _articles(run.reading.shelves, language, number)
    found = run.reading.worded(on_it)
    if len(found) < len(on_it):
        return None
    form = run.once(
        ("form", language), lambda: ProperForm(language, ZoneInfo(run.newsroom.time_zone))
    )
    entries = [_entry(found[article], form) for article in on_it]
    made = shard.files(entries, language)
    return Printed(
        [Sheet(paths.search_file(language, number, name), raw) for name, raw in made.items()]
    )


def _parse(subject: str) -> tuple[str, int]:
    language, number = subject.split(":")
    return language, int(number)


def _articles(shelves: Shelves, language: str, number: int) -> list[int]:
    """Return the shard's articles, oldest first: a new one moves none of the others."""
    return shelves.articles(shelf.SEARCH + language, (number,))[::-1]


def _entry(worded: Worded, form: ProperForm) -> Entry:
    card = worded.filed.card
    section = card.section.name if card.section else ""
    people = (byline.person.name for byline in worded.filed.bylines)
    topics = (topic.name for topic in worded.filed.topics)
    way = paths.relative(card.path, paths.search(card.language))
    day = form.date(card.published)
    shown = shortened(card.standfirst)
    return Entry(
        card=(way, card.headline, shown, section, day, form.iso(card.published)),
        headline=card.headline,
        standfirst="\n".join((card.standfirst, section, *people, *topics)),
        body=worded.text,
    )
