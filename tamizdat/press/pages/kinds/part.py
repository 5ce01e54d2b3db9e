"""A page that a part makes. A subject is the part's name and the path: "letters:en/x.html"."""

from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, RenderedFile
from tamizdat.press.pages.layout import layout
from tamizdat.press.parts import PartPage


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where the page stands; nowhere if its part no longer makes it."""
    found = _page(repository, subject)
    if found is None or found.language not in repository.newsroom.languages:
        return []
    return [OutputPath(found.path, found.language, "part")]


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the page: the part's template of the theme in our frame."""
    found = _page(run.repository, subject)
    if found is None:
        return None
    links = run.links(found.path)
    about = About("part", found.language, found.title)
    around = layout(run, about, links)
    html = run.theme.render(
        found.template, found.language, **{**found.context, "frame": around, "link": links.to}
    )
    return Rendered([RenderedFile(found.path, links.place(html).encode())]).note([links])


def _page(repository: Repository, subject: str) -> PartPage | None:
    name, _, path = subject.partition(":")
    return repository.part_pages(name).get(path)
