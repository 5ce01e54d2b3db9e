"""Whether readers have a whole edition."""

from collections.abc import Iterator

from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.health.finding import Finding, good, wrong


def is_whole(newsroom: Newsroom) -> Iterator[Finding]:
    """Say whether there is an edition, and whether a publication was interrupted."""
    if not (newsroom.edition / "current").exists():
        yield wrong("nothing is published", "Run `tamizdat build`.")
    elif (newsroom.edition / "journal.json").exists():
        yield wrong(
            "a publication was interrupted; readers still have the edition before",
            "Run `tamizdat build`: it finishes or undoes it.",
        )
    else:
        yield good("the edition is whole")
