"""The lists of articles: sections, topics, people. "topic:ru:4:0" is a head."""

from tamizdat.desk.published import Person, Section
from tamizdat.lib import paths
from tamizdat.press.content import lists
from tamizdat.press.content.list_cache import ListCache
from tamizdat.press.content.repository import ListSubject, Repository
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.layout import layout
from tamizdat.press.pages.teasers import expect, teasers
from tamizdat.press.pages.view_models import Kind, ListingPage

KINDS: dict[str, Kind] = {"section": "section", "topic": "topic", "person": "person"}
MANY = 20  # pages of lists


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where one page of a list stands. A section's head stands even when it is empty."""
    of, number = _parse(subject)
    on_it = repository.list_cache.articles(of, _pages(repository.list_cache, of, number))
    list_subject = repository.list_subject(of)
    if list_subject is None or list_subject.language not in repository.newsroom.languages:
        return []
    if not (on_it or (isinstance(list_subject, Section) and number == lists.HEAD)):
        return []
    if number != lists.HEAD and number in repository.list_cache.ends(of).head:
        return []
    kind = _kind(of)
    return [
        OutputPath(
            _path(list_subject, kind, number), list_subject.language, _file_kind(kind, number)
        )
    ]


def foresee(repository: Repository, subjects: list[str]) -> None:
    """Read whole lists where many of their pages are going to be asked for."""
    if len(subjects) > MANY:
        repository.list_cache.expect(_parse(subject)[0] for subject in subjects)


def prepare(run: RenderContext, subjects: list[str]) -> None:
    """Read the same lists, and the cards of all that stands on these pages."""
    foresee(run.repository, subjects)
    list_cache, shown, paths_ = run.repository.list_cache, list[int](), list[str]()
    for of, number in map(_parse, subjects):
        shown += list_cache.articles(of, _pages(list_cache, of, number))
        list_subject = run.repository.list_subject(of)
        if list_subject is not None:
            around = (each for each in _around(list_cache, of, number) if each is not None)
            paths_ += (_path(list_subject, _kind(of), each) for each in (number, *around))
    expect(run, shown)
    run.link_index.look_for(paths_)


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return one page of a list."""
    of, number = _parse(subject)
    list_cache = run.repository.list_cache
    on_it = list_cache.articles(of, _pages(list_cache, of, number))
    list_subject = run.repository.list_subject(of)
    if list_subject is None:
        return None
    kind = _kind(of)
    links = run.links(_path(list_subject, kind, number))
    links.dependencies.add(f"{kind}:{list_subject.id}")
    older, newer = _around(list_cache, of, number)
    shown = ListingPage(
        frame=layout(run, _about(list_subject, kind, number), links),
        name=list_subject.name,
        about=_words(list_subject),
        teasers=teasers(run, on_it, links),
        older=links.to(_path(list_subject, kind, older)) if older is not None else "",
        newer=links.to(_path(list_subject, kind, newer)) if newer is not None else "",
        number=number or None,
        title=list_subject.title if isinstance(list_subject, Person) else "",
        person_kind=list_subject.kind if isinstance(list_subject, Person) else "",
    )
    return Rendered([page(run, shown, links)]).note([links])


def _parse(subject: str) -> tuple[str, int]:
    of, _, number = subject.rpartition(":")
    return of, int(number)


def begun(list_cache: ListCache, subject: str) -> float:
    """Return when the oldest article of a list's page was published, in seconds; 0 for no page."""
    of, number = _parse(subject)
    return max((list_cache.begun(of, page) for page in _pages(list_cache, of, number)), default=0.0)


def _kind(of: str) -> Kind:
    return KINDS[of.partition(":")[0]]


def _file_kind(kind: Kind, number: int) -> str:
    return kind if number == lists.HEAD else "older"


def _pages(list_cache: ListCache, of: str, number: int) -> tuple[int, ...]:
    return list_cache.ends(of).head if number == lists.HEAD else (number,)


def _around(list_cache: ListCache, of: str, number: int) -> tuple[int | None, int | None]:
    """Return the numbers of the older and the newer page, None at the list's ends."""
    if number == lists.HEAD:
        return list_cache.ends(of).older, None
    older, newer = list_cache.neighbours(of, number)
    return older, lists.HEAD if newer in list_cache.ends(of).head else newer


def _path(list_subject: ListSubject, kind: Kind, number: int) -> str:
    return paths.listing(list_subject.language, kind, list_subject.slug, number or None)


def _words(list_subject: ListSubject) -> str:
    return list_subject.about if isinstance(list_subject, Person) else list_subject.description


def _about(list_subject: ListSubject, kind: Kind, number: int) -> About:
    return About(
        kind=kind,
        language=list_subject.language,
        title=list_subject.name,
        description=_words(list_subject),
        section=list_subject if isinstance(list_subject, Section) else None,
        translations=tuple(
            (language, paths.listing(language, kind, slug))
            for language, slug in list_subject.translations
            if number == lists.HEAD
        ),
    )
