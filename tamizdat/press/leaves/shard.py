"""A shard of a language's search ("en:7"): a page of the list of all its articles."""

from zoneinfo import ZoneInfo

from tamizdat.desk.published import Worded
from tamizdat.lib import paths
from tamizdat.lib.proper_form import ProperForm
from tamizdat.press import manifest, shelf
from tamizdat.press.frames import shortened
from tamizdat.press.models import Leaf
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, Sheet
from tamizdat.press.search import amending, shard
from tamizdat.press.search.shard import Entry
from tamizdat.press.shelves import Shelves

FEW = 8  # articles that changed: to make a shard from all of its articles is as fast with more


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where the shard's files stand; nowhere when it holds no article."""
    language, number = _parse(subject)
    if language not in reading.newsroom.languages:
        return []
    articles = len(_articles(reading.shelves, language, number))
    named = (paths.search_file(language, number, name) for name in shard.names(articles))
    return [Address(path, language, "shard") for path in named]


def make(run: Run, subject: str) -> Printed | None:
    """Return the shard's files, made from those that readers have where that can be."""
    language, number = _parse(subject)
    on_it = _articles(run.reading.shelves, language, number)
    made = None
    if subject in run.amendable.shards:
        made = _amended(run, language, number, on_it)
    if made is None:
        made = _made(run, language, on_it)
    if made is None:
        return None
    return Printed(
        [Sheet(paths.search_file(language, number, name), raw) for name, raw in made.items()]
    )


def _made(run: Run, language: str, on_it: list[int]) -> dict[str, bytes] | None:
    """Return the files made from all articles; None if one is no longer published."""
    found = _entries(run, language, on_it)
    return shard.files(list(found.values()), language) if len(found) == len(on_it) else None


def _amended(run: Run, language: str, number: int, on_it: list[int]) -> dict[str, bytes] | None:
    """Return the files made from those that readers have; None if that cannot be."""
    standing = _standing(run, language, number)
    run.known.look_up(f"article:{article}" for article in on_it)
    ways = {article: _way(run.known.path_of(f"article:{article}"), language) for article in on_it}
    stood = amending.ways(standing)
    fresh = [a for a in on_it if a in run.amendable.articles or ways[a] not in stood]
    if not standing or len(fresh) > FEW:
        return None
    found = _entries(run, language, fresh)
    entries = {entry.card[0]: entry for entry in found.values()}
    if entries.keys() != {ways[article] for article in fresh}:
        return None
    return amending.amended(standing, list(ways.values()), entries, language)


def _standing(run: Run, language: str, number: int) -> dict[str, bytes]:
    """Return the files that readers have; none if one of them is not what was printed last.

    Some may be planned to go, and those that are planned to come are not there.
    """
    found = dict[str, bytes]()
    rows = Leaf.objects.filter(job=f"shard:{language}:{number}").exclude(sha256="")
    for path, sha256 in rows.values_list("path", "sha256"):
        raw = run.standing(path)
        if raw is None or manifest.entry(raw).sha256 != sha256:
            return {}
        found[path.rpartition("/")[2]] = raw
    return found


def _entries(run: Run, language: str, numbers: list[int]) -> dict[int, Entry]:
    """Return those of the articles that are published, in the order asked for."""
    form = run.once(
        ("form", language), lambda: ProperForm(language, ZoneInfo(run.newsroom.time_zone))
    )
    found = run.reading.worded(numbers)
    return {number: _entry(found[number], form) for number in numbers if number in found}


def _parse(subject: str) -> tuple[str, int]:
    language, number = subject.split(":")
    return language, int(number)


def _articles(shelves: Shelves, language: str, number: int) -> list[int]:
    """Return the shard's articles, oldest first: a new one moves none of the others."""
    return shelves.articles(shelf.SEARCH + language, (number,))[::-1]


def _way(path: str, language: str) -> str:
    """Return the way from the page of the search to an article."""
    return paths.relative(path, paths.search(language)) if path else ""


def _entry(worded: Worded, form: ProperForm) -> Entry:
    card = worded.filed.card
    section = card.section.name if card.section else ""
    people = (byline.person.name for byline in worded.filed.bylines)
    topics = (topic.name for topic in worded.filed.topics)
    day = form.date(card.published)
    shown = shortened(card.standfirst)
    return Entry(
        card=(
            _way(card.path, card.language),
            card.headline,
            shown,
            section,
            day,
            form.iso(card.published),
        ),
        headline=card.headline,
        standfirst="\n".join((card.standfirst, section, *people, *topics)),
        body=worded.text,
    )
