"""A language's front page; the first language's stands at the root too. A subject is a language."""

from dataclasses import dataclass

from tamizdat.desk import published
from tamizdat.desk.published import Card, Front, Section
from tamizdat.lib import paths
from tamizdat.press.content.lists import SEARCH, newest
from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.images import CARD, FIRST
from tamizdat.press.pages.layout import boxes, layout
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.teasers import expect, teaser, teasers
from tamizdat.press.pages.view_models import Band, FrontPage, Link, Live, Teaser

ROOT = "index.html"
SECONDS = 3
RIVER = 12
BAND = 4
LATEST = 40  # looked at to fill the front page
OF_A_SECTION = 16  # looked at to fill its band: some of them stand at the top


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where a language's front page stands."""
    if subject not in repository.newsroom.languages:
        return []
    return [
        OutputPath(path, subject, "front") for path in _paths(repository.newsroom.language, subject)
    ]


def prepare(run: RenderContext, subjects: list[str]) -> None:
    """Read at once what the fronts of several languages are going to show, and little else."""
    lists = (of for subject in subjects for of in _lists(run, subject))
    _known_newest(run).update(newest({of: _count(of) for of in lists}))
    every = [(subject, _arranged(run, subject)) for subject in subjects]
    chosen = [number for _, of in every for number in (of.lead, *of.seconds) if number]
    expect(run, chosen + [n for subject in subjects for n in _newest(run, SEARCH + subject)])
    bands = (_in_bands(run, language, _top(run, arranged)) for language, arranged in every)
    expect(run, [number for band in bands for shown in band.values() for number in shown])


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the front page as it is for the run's edition."""
    arranged = _arranged(run, subject)
    every, files = [], []
    for path in _paths(run.newsroom.language, subject):
        links = run.links(path)
        files.append(page(run, front_page(run, arranged, links), links))
        every.append(links)
    return Rendered(files).note(every)


def front_page(run: RenderContext, arranged: Front, links: Links) -> FrontPage:
    """Return what the template gets, with everything filled that the editors left open."""
    language = arranged.language
    top = _top(run, arranged)
    lead, seconds = top.lead, top.seconds
    above = top.ids
    river = [card.id for card in _latest(run, language) if card.id not in above][:RIVER]
    about = _about(run, arranged, lead)
    return FrontPage(
        frame=layout(run, about, links),
        lead=teaser(run, lead, links, FIRST) if lead else None,
        seconds=_teasers(run, seconds, links),
        river=teasers(run, river, links),
        bands=_bands(run, language, top, links),
        pinned=_pinned(arranged, links),
        live=_live(arranged, links),
        boxes=boxes(run, about, links),
        date=run.at,
        number=run.number,
    )


def _paths(first: str, language: str) -> list[str]:
    own = paths.front(language)
    return [own, ROOT] if language == first else [own]


def _about(run: RenderContext, arranged: Front, lead: Card | None) -> About:
    others = (language for language in run.newsroom.languages if language != arranged.language)
    return About(
        kind="front",
        language=arranged.language,
        title="",
        description=run.newsroom.look.tagline.get(arranged.language, ""),
        place=paths.front(arranged.language),
        translations=tuple((language, paths.front(language)) for language in others),
        image=lead.lead if lead else None,
    )


@dataclass(frozen=True, slots=True)
class _Top:
    """What stands above the river."""

    lead: Card | None
    seconds: list[Card]

    @property
    def ids(self) -> set[int]:
        return {card.id for card in (self.lead, *self.seconds) if card}


def _arranged(run: RenderContext, language: str) -> Front:
    return run.once(("front", language), lambda: published.front(language))


def _top(run: RenderContext, arranged: Front) -> _Top:
    def chosen() -> _Top:
        latest = _latest(run, arranged.language)
        lead = _lead(run, arranged, latest)
        return _Top(lead, _seconds(run, arranged, latest, lead))

    return run.once(("top", arranged), chosen)


def _latest(run: RenderContext, language: str) -> list[Card]:
    return _in_edition(run, _newest(run, SEARCH + language))


def _in_edition(run: RenderContext, numbers: list[int]) -> list[Card]:
    run.link_index.look_up(f"article:{number}" for number in numbers)
    cards = run.repository.cards(numbers)
    return [card for card in cards if run.link_index.path_of(f"article:{card.id}")]


def _lead(run: RenderContext, arranged: Front, newest: list[Card]) -> Card | None:
    """Return the editors' lead, else the newest with a picture, else the newest."""
    chosen = _in_edition(run, [arranged.lead] if arranged.lead else [])
    pictured = [card for card in newest if card.lead and card.id not in arranged.seconds]
    return next(iter(chosen or pictured or newest), None)


def _seconds(
    run: RenderContext, arranged: Front, newest: list[Card], lead: Card | None
) -> list[Card]:
    chosen = _in_edition(run, list(arranged.seconds))
    every = {card.id: card for card in (*chosen, *newest) if lead is None or card.id != lead.id}
    return list(every.values())[: max(SECONDS, len(chosen))]


def _teasers(run: RenderContext, cards: list[Card], links: Links) -> tuple[Teaser, ...]:
    found = (teaser(run, card, links, CARD) for card in cards)
    return tuple(one for one in found if one is not None)


def _bands(run: RenderContext, language: str, top: _Top, links: Links) -> tuple[Band, ...]:
    bands = []
    for section, shown in _in_bands(run, language, top).items():
        href = links.there(paths.listing(language, "section", section.slug))
        if href and (drawn := teasers(run, shown, links)):
            bands.append(Band(href, section.name, drawn))
    return tuple(bands)


def _in_bands(run: RenderContext, language: str, top: _Top) -> dict[Section, list[int]]:
    """Return the articles of each section's band: its newest that do not stand at the top."""
    there, found = top.ids, {}
    for section in run.repository.sections(language):
        newest = _newest(run, f"section:{language}:{section.id}")
        found[section] = [number for number in newest if number not in there][:BAND]
    return found


def _lists(run: RenderContext, language: str) -> list[str]:
    """Return the lists whose newest articles a front shows."""
    sections = (f"section:{language}:{of.id}" for of in run.repository.sections(language))
    return [f"{SEARCH}{language}", *sections]


def _newest(run: RenderContext, of: str) -> list[int]:
    known = _known_newest(run)
    if of not in known:
        known.update(newest({of: _count(of)}))
    return known[of]


def _known_newest(run: RenderContext) -> dict[str, list[int]]:
    """Return the newest articles of the lists that were asked for in this run."""
    return run.once("newest", dict[str, list[int]])


def _count(of: str) -> int:
    return LATEST if of.startswith(SEARCH) else OF_A_SECTION


def _pinned(arranged: Front, links: Links) -> tuple[Link, ...]:
    links.dependencies |= {f"topic:{topic.id}" for topic in arranged.topics}
    return tuple(
        Link(href, topic.name)
        for topic in arranged.topics
        if (href := links.to(paths.listing(topic.language, "topic", topic.slug)))
    )


def _live(arranged: Front, links: Links) -> Live | None:
    if not arranged.live:
        return None
    href = links.article(arranged.live_article) if arranged.live_article else ""
    return Live(arranged.live, href)
