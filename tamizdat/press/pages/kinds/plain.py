"""A plain page: about, contact, corrections policy, privacy."""

from tamizdat.desk.published import Plain
from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.about import About
from tamizdat.press.pages.blocks import body
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.layout import layout
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.view_models import PlainPage

OURS = ("index", "404")  # a plain page of this name would stand where one of ours does


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where the page stands; nowhere unless it is published."""
    plain = repository.plain(int(subject))
    if plain is None or plain.slug in OURS:
        return []
    return [OutputPath(plain.path, plain.language, "plain")]


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the plain page."""
    plain = run.repository.plain(int(subject))
    if plain is None:
        return None
    links = run.links(plain.path)
    return Rendered([page(run, plain_page(run, plain, links), links)]).note([links])


def plain_page(run: RenderContext, plain: Plain, links: Links) -> PlainPage:
    """Return what the template gets of a plain page, a draft or a published one."""
    about = About("plain", plain.language, plain.title, translations=plain.translations)
    return PlainPage(
        frame=layout(run, about, links),
        title=plain.title,
        body=body(plain.body, links),
        updated=plain.updated,
        version=plain.version,
    )
