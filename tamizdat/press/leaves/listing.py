"""The lists of articles: sections, topics, people. "topic:ru:4:0" is a head."""

from tamizdat.desk.published import Person, Section, Topic
from tamizdat.lib import paths
from tamizdat.press import shelf
from tamizdat.press.frames import About, frame
from tamizdat.press.pages import Kind, ListingPage
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, page
from tamizdat.press.shelves import Shelves
from tamizdat.press.teasers import expect, teasers

KINDS: dict[str, Kind] = {"section": "section", "topic": "topic", "person": "person"}
MANY = 20  # pages of lists


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where one page of a list stands. A section's head stands even when it is empty."""
    of, number = _parse(subject)
    on_it = reading.shelves.articles(of, _pages(reading.shelves, of, number))
    keeper = reading.keeper(of)
    if keeper is None or keeper.language not in reading.newsroom.languages:
        return []
    if not (on_it or (isinstance(keeper, Section) and number == shelf.HEAD)):
        return []
    if number != shelf.HEAD and number in reading.shelves.ends(of).head:
        return []
    kind = _kind(of)
    return [Address(_path(keeper, kind, number), keeper.language, _leaf_kind(kind, number))]


def foresee(reading: Reading, subjects: list[str]) -> None:
    """Read whole lists where many of their pages are going to be asked for."""
    if len(subjects) > MANY:
        reading.shelves.expect(_parse(subject)[0] for subject in subjects)


def prepare(run: Run, subjects: list[str]) -> None:
    """Read the same lists, and the cards of all that stands on these pages."""
    foresee(run.reading, subjects)
    shelves, shown, paths_ = run.reading.shelves, list[int](), list[str]()
    for of, number in map(_parse, subjects):
        shown += shelves.articles(of, _pages(shelves, of, number))
        keeper = run.reading.keeper(of)
        if keeper is not None:
            around = (each for each in _around(shelves, of, number) if each is not None)
            paths_ += (_path(keeper, _kind(of), each) for each in (number, *around))
    expect(run, shown)
    run.known.look_for(paths_)


def make(run: Run, subject: str) -> Printed | None:
    """Return one page of a list."""
    of, number = _parse(subject)
    shelves = run.reading.shelves
    on_it = shelves.articles(of, _pages(shelves, of, number))
    keeper = run.reading.keeper(of)
    if keeper is None:
        return None
    kind = _kind(of)
    links = run.links(_path(keeper, kind, number))
    links.needs.add(f"{kind}:{keeper.id}")
    older, newer = _around(shelves, of, number)
    shown = ListingPage(
        frame=frame(run, _about(keeper, kind, number), links),
        name=keeper.name,
        about=_words(keeper),
        teasers=teasers(run, on_it, links),
        older=links.to(_path(keeper, kind, older)) if older is not None else "",
        newer=links.to(_path(keeper, kind, newer)) if newer is not None else "",
        number=number or None,
        title=keeper.title if isinstance(keeper, Person) else "",
        person_kind=keeper.kind if isinstance(keeper, Person) else "",
    )
    return Printed([page(run, shown, links)]).note([links])


def _parse(subject: str) -> tuple[str, int]:
    of, _, number = subject.rpartition(":")
    return of, int(number)


def begun(shelves: Shelves, subject: str) -> float:
    """Return when the oldest article of a list's page was published, in seconds; 0 for no page."""
    of, number = _parse(subject)
    return max((shelves.begun(of, page) for page in _pages(shelves, of, number)), default=0.0)


def _kind(of: str) -> Kind:
    return KINDS[of.partition(":")[0]]


def _leaf_kind(kind: Kind, number: int) -> str:
    return kind if number == shelf.HEAD else "older"


def _pages(shelves: Shelves, of: str, number: int) -> tuple[int, ...]:
    return shelves.ends(of).head if number == shelf.HEAD else (number,)


def _around(shelves: Shelves, of: str, number: int) -> tuple[int | None, int | None]:
    """Return the numbers of the older and the newer page, None at the list's ends."""
    if number == shelf.HEAD:
        return shelves.ends(of).older, None
    older, newer = shelves.neighbours(of, number)
    return older, shelf.HEAD if newer in shelves.ends(of).head else newer


def _path(keeper: Section | Topic | Person, kind: Kind, number: int) -> str:
    return paths.listing(keeper.language, kind, keeper.slug, number or None)


def _words(keeper: Section | Topic | Person) -> str:
    return keeper.about if isinstance(keeper, Person) else keeper.description


def _about(keeper: Section | Topic | Person, kind: Kind, number: int) -> About:
    return About(
        kind=kind,
        language=keeper.language,
        title=keeper.name,
        description=_words(keeper),
        section=keeper if isinstance(keeper, Section) else None,
        translations=tuple(
            (language, paths.listing(language, kind, slug))
            for language, slug in keeper.translations
            if number == shelf.HEAD
        ),
    )
