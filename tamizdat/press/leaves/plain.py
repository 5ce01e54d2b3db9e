"""A plain page: about, contact, corrections policy, privacy."""

from tamizdat.desk.published import Plain
from tamizdat.press.body import body
from tamizdat.press.frames import About, frame
from tamizdat.press.links import Links
from tamizdat.press.pages import PlainPage
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, page

OURS = ("index", "404")  # a plain page of this name would stand where one of ours does


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where the page stands; nowhere unless it is published."""
    plain = reading.plain(int(subject))
    if plain is None or plain.slug in OURS:
        return []
    return [Address(plain.path, plain.language, "plain")]


def make(run: Run, subject: str) -> Printed | None:
    """Return the plain page."""
    plain = run.reading.plain(int(subject))
    if plain is None:
        return None
    links = run.links(plain.path)
    return Printed([page(run, plain_page(run, plain, links), links)]).note([links])


def plain_page(run: Run, plain: Plain, links: Links) -> PlainPage:
    """Return what the template gets of a plain page, a draft or a published one."""
    about = About("plain", plain.language, plain.title, translations=plain.translations)
    return PlainPage(
        frame=frame(run, about, links),
        title=plain.title,
        body=body(plain.body, links),
        updated=plain.updated,
        version=plain.version,
    )
