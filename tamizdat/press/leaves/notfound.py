"""What readers get where nothing is. A subject is a language; the first one's is the root's too."""

from tamizdat.lib import paths
from tamizdat.press.frames import About, frame
from tamizdat.press.links import Links
from tamizdat.press.pages import NotFound
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, Sheet, page

ROOT = "404.html"


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where a language's page stands."""
    if subject not in reading.newsroom.languages:
        return []
    return [
        Address(path, subject, "notfound") for path in _paths(reading.newsroom.language, subject)
    ]


def make(run: Run, subject: str) -> Printed | None:
    """Return the page; its links start at the root, because it is served at any address."""
    every, sheets = [], []
    for path in _paths(run.newsroom.language, subject):
        links = Links(path, run.known, base="/")
        sheets.append(_sheet(run, subject, links))
        every.append(links)
    return Printed(sheets).note(every)


def at(run: Run, path: str, language: str) -> Sheet:
    """Return the page as it is to stand at the path of something else, for a while."""
    return _sheet(run, language, run.links(path))


def _sheet(run: Run, language: str, links: Links) -> Sheet:
    title = run.theme.text("Not found", language)
    return page(run, NotFound(frame(run, About("notfound", language, title), links)), links)


def _paths(first: str, language: str) -> list[str]:
    own = paths.not_found(language)
    return [own, ROOT] if language == first else [own]
