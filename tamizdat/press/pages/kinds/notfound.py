"""What readers get where nothing is. A subject is a language; the first one's is the root's too."""

from tamizdat.lib import paths
from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, RenderedFile, page
from tamizdat.press.pages.layout import layout
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.view_models import NotFound

ROOT = "404.html"


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where a language's page stands."""
    if subject not in repository.newsroom.languages:
        return []
    return [
        OutputPath(path, subject, "notfound")
        for path in _paths(repository.newsroom.language, subject)
    ]


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the page; its links start at the root, because it is served at any address."""
    every, files = [], []
    for path in _paths(run.newsroom.language, subject):
        links = Links(path, run.link_index, base="/")
        files.append(_file(run, subject, links))
        every.append(links)
    return Rendered(files).note(every)


def at(run: RenderContext, path: str, language: str) -> RenderedFile:
    """Return the page as it is to stand at the path of something else, for a while."""
    return _file(run, language, run.links(path))


def _file(run: RenderContext, language: str, links: Links) -> RenderedFile:
    title = run.theme.text("Not found", language)
    return page(run, NotFound(layout(run, About("notfound", language, title), links)), links)


def _paths(first: str, language: str) -> list[str]:
    own = paths.not_found(language)
    return [own, ROOT] if language == first else [own]
