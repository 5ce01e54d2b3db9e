"""What machines ask for at the root: robots.txt, and the newsroom's own small picture."""

from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, RenderedFile
from tamizdat.press.pages.kinds.sitemaps import INDEX

FAVICON = "favicon.svg"


def addresses(_repository: Repository, _subject: str) -> list[OutputPath]:
    """Return where robots.txt stands."""
    return [OutputPath("robots.txt", "", "robots")]


def make(run: RenderContext, _subject: str) -> Rendered | None:
    """Return robots.txt: a demonstration asks to be left alone, everything else is welcome."""
    if run.newsroom.demonstration:
        said = "User-agent: *\nDisallow: /\n"
    else:
        said = f"User-agent: *\nDisallow:\n\nSitemap: {run.origin}{INDEX}\n"
    return Rendered([RenderedFile("robots.txt", said.encode())])


def favicon_addresses(_repository: Repository, _subject: str) -> list[OutputPath]:
    """Return where the newsroom's small picture stands."""
    return [OutputPath(FAVICON, "", "favicon")]


def make_favicon(run: RenderContext, _subject: str) -> Rendered | None:
    """Return the newsroom's own `theme/favicon.svg`, else the first letter of its name."""
    own = run.newsroom.theme / FAVICON
    return Rendered(
        [RenderedFile(FAVICON, own.read_bytes() if own.is_file() else run.theme.sign.encode())]
    )
