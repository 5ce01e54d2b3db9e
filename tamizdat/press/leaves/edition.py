"""`/edition/`: which edition this is. There is one, in the newsroom's first language."""

from tamizdat.lib import paths
from tamizdat.press.frames import About, frame
from tamizdat.press.manifest import INDEX
from tamizdat.press.pages import EditionPage
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, page


def addresses(reading: Reading, _subject: str) -> list[Address]:
    """Return where the page stands."""
    return [Address(paths.edition(), reading.newsroom.language, "edition")]


def make(run: Run, _subject: str) -> Printed | None:
    """Return the page for the run's edition."""
    language = run.newsroom.language
    links = run.links(paths.edition())
    about = About("edition", language, run.theme.text("This edition", language))
    shown = EditionPage(
        frame=frame(run, about, links),
        number=run.number,
        published=run.at,
        manifest=links.way(INDEX),
        address=run.origin,
    )
    return Printed([page(run, shown, links)]).note([links])
