"""A shard of a language's search ("en:7"): a page of the list of all its articles."""

from zoneinfo import ZoneInfo

from tamizdat.desk.published import Worded
from tamizdat.lib import paths
from tamizdat.lib.locales.formats import LocaleFormats
from tamizdat.press.content import lists
from tamizdat.press.content.list_cache import ListCache
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import OutputFile
from tamizdat.press.output import manifest
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, RenderedFile
from tamizdat.press.pages.layout import shortened
from tamizdat.press.search import incremental, index
from tamizdat.press.search.index import Entry

FEW = 8  # articles that changed: to make a shard from all of its articles is as fast with more


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where the shard's files stand; nowhere when it holds no article."""
    language, number = _parse(subject)
    if language not in repository.newsroom.languages:
        return []
    articles = len(_articles(repository.list_cache, language, number))
    named = (paths.search_file(language, number, name) for name in index.names(articles))
    return [OutputPath(path, language, "shard") for path in named]


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the shard's files, made from those that readers have where that can be."""
    language, number = _parse(subject)
    on_it = _articles(run.repository.list_cache, language, number)
    made = None
    if subject in run.amendable.shards:
        made = _amended(run, language, number, on_it)
    if made is None:
        made = _made(run, language, on_it)
    if made is None:
        return None
    return Rendered(
        [RenderedFile(paths.search_file(language, number, name), raw) for name, raw in made.items()]
    )


def _made(run: RenderContext, language: str, on_it: list[int]) -> dict[str, bytes] | None:
    """Return the files made from all articles; None if one is no longer published."""
    found = _entries(run, language, on_it)
    return index.files(list(found.values()), language) if len(found) == len(on_it) else None


def _amended(
    run: RenderContext, language: str, number: int, on_it: list[int]
) -> dict[str, bytes] | None:
    """Return the files made from those that readers have; None if that cannot be."""
    standing = _standing(run, language, number)
    run.link_index.look_up(f"article:{article}" for article in on_it)
    ways = {
        article: _way(run.link_index.path_of(f"article:{article}"), language) for article in on_it
    }
    stood = incremental.ways(standing)
    fresh = [a for a in on_it if a in run.amendable.articles or ways[a] not in stood]
    if not standing or len(fresh) > FEW:
        return None
    found = _entries(run, language, fresh)
    entries = {entry.card[0]: entry for entry in found.values()}
    if entries.keys() != {ways[article] for article in fresh}:
        return None
    return incremental.amended(standing, list(ways.values()), entries, language)


def _standing(run: RenderContext, language: str, number: int) -> dict[str, bytes]:
    """Return the files that readers have; none if one of them is not what was printed last.

    Some may be planned to go, and those that are planned to come are not there.
    """
    found = dict[str, bytes]()
    rows = OutputFile.objects.filter(job=f"shard:{language}:{number}").exclude(sha256="")
    for path, sha256 in rows.values_list("path", "sha256"):
        raw = run.standing(path)
        if raw is None or manifest.entry(raw).sha256 != sha256:
            return {}
        found[path.rpartition("/")[2]] = raw
    return found


def _entries(run: RenderContext, language: str, numbers: list[int]) -> dict[int, Entry]:
    """Return those of the articles that are published, in the order asked for."""
    form = run.once(
        ("form", language), lambda: LocaleFormats(language, ZoneInfo(run.newsroom.time_zone))
    )
    found = run.repository.worded(numbers)
    return {number: _entry(found[number], form) for number in numbers if number in found}


def _parse(subject: str) -> tuple[str, int]:
    language, number = subject.split(":")
    return language, int(number)


def _articles(list_cache: ListCache, language: str, number: int) -> list[int]:
    """Return the shard's articles, oldest first: a new one moves none of the others."""
    return list_cache.articles(lists.SEARCH + language, (number,))[::-1]


def _way(path: str, language: str) -> str:
    """Return the way from the page of the search to an article."""
    return paths.relative(path, paths.search(language)) if path else ""


def _entry(worded: Worded, form: LocaleFormats) -> Entry:
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
