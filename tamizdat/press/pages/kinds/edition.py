"""`/edition/`: which edition this is. There is one, in the newsroom's first language."""

from tamizdat.lib import paths
from tamizdat.press.content.repository import Repository
from tamizdat.press.output.manifest import INDEX
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.layout import layout
from tamizdat.press.pages.view_models import EditionPage


def addresses(repository: Repository, _subject: str) -> list[OutputPath]:
    """Return where the page stands."""
    return [OutputPath(paths.edition(), repository.newsroom.language, "edition")]


def make(run: RenderContext, _subject: str) -> Rendered | None:
    """Return the page for the run's edition."""
    language = run.newsroom.language
    links = run.links(paths.edition())
    about = About("edition", language, run.theme.text("This edition", language))
    shown = EditionPage(
        frame=layout(run, about, links),
        number=run.number,
        published=run.at,
        manifest=links.way(INDEX),
        address=run.origin,
    )
    return Rendered([page(run, shown, links)]).note([links])
