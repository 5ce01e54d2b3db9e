"""What machines ask for at the root: robots.txt, and the newsroom's own small picture."""

from tamizdat.press.leaves.sitemaps import INDEX
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, Sheet

FAVICON = "favicon.svg"


def addresses(_reading: Reading, _subject: str) -> list[Address]:
    """Return where robots.txt stands."""
    return [Address("robots.txt", "", "robots")]


def make(run: Run, _subject: str) -> Printed | None:
    """Return robots.txt: a demonstration asks to be left alone, everything else is welcome."""
    if run.newsroom.demonstration:
        said = "User-agent: *\nDisallow: /\n"
    else:
        said = f"User-agent: *\nDisallow:\n\nSitemap: {run.origin}{INDEX}\n"
    return Printed([Sheet("robots.txt", said.encode())])


def favicon_addresses(_reading: Reading, _subject: str) -> list[Address]:
    """Return where the newsroom's small picture stands."""
    return [Address(FAVICON, "", "favicon")]


def make_favicon(run: Run, _subject: str) -> Printed | None:
    """Return the newsroom's own `theme/favicon.svg`, else the first letter of its name."""
    own = run.newsroom.theme / FAVICON
    return Printed([Sheet(FAVICON, own.read_bytes() if own.is_file() else run.theme.sign.encode())])
