"""A page that a part makes. A subject is the part's name and the path: "letters:en/x.html"."""

from tamizdat.press.frames import About, frame
from tamizdat.press.parts import PartPage
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, Sheet


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where the page stands; nowhere if its part no longer makes it."""
    found = _page(reading, subject)
    if found is None or found.language not in reading.newsroom.languages:
        return []
    return [Address(found.path, found.language, "part")]


def make(run: Run, subject: str) -> Printed | None:
    """Return the page: the part's template of the theme in our frame."""
    found = _page(run.reading, subject)
    if found is None:
        return None
    links = run.links(found.path)
    about = About("part", found.language, found.title)
    around = frame(run, about, links)
    html = run.theme.render(
        found.template, found.language, **{**found.context, "frame": around, "link": links.to}
    )
    return Printed([Sheet(found.path, links.place(html).encode())]).note([links])


def _page(reading: Reading, subject: str) -> PartPage | None:
    name, _, path = subject.partition(":")
    return reading.part_pages(name).get(path)
