"""Pages that somebody waits for, though a file of the newsroom's own theme is broken.

A typing error in `theme/` must not take the counter's and the till's pages away. Such a page is
then shown in our look, and an alert names the file. An edition is different: it is not printed
in a look that nobody chose, it waits.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from tamizdat.lib import alerts, clock
from tamizdat.lib.alerts import Alert
from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import Theme, theme

WHAT = "A file in theme/ is broken. Readers see some pages of counter and till without it."
DO = "Mend the file that is named here, or take it away."

KEY = "theme-"

Made = TypeVar("Made")


def own_or_ours(page: str, make: Callable[[Theme], Made]) -> Made:
    """Return what is made with the newsroom's own look or, where that fails, with ours.

    `page` is the template's path: each broken page has an alert of its own.
    """
    look = theme()
    data = look.newsroom.data
    key = f"{KEY}{page.partition('.')[0].replace('/', '-')}"
    try:
        made = make(look)
    except Exception as error:  # noqa: BLE001  whatever a template does
        made = make(look.without_own)  # what fails here, too, is no fault of theirs
        alert = Alert(key, WHAT, do=DO, cause=where(error))
        alerts.raise_alert(data, alert, clock.now())
        return made
    alerts.clear(data, key)
    return made


def forget_changed(newsroom: Newsroom) -> None:
    """Take back what was said of theme/ before it was changed.

    A page that was mended may not be opened for months. One that is broken still says so when a
    reader opens it next.
    """
    for page in alerts.standing_under(newsroom.data, KEY):
        told = newsroom.data / alerts.FOLDER / f"{KEY}{page}.json"
        with suppress(OSError):
            if _changed_at(newsroom.theme) > told.stat().st_mtime_ns:
                alerts.clear(newsroom.data, f"{KEY}{page}")


def _changed_at(folder: Path) -> int:
    """Return when anything in a folder was changed last, in nanoseconds."""
    return max((each.stat().st_ctime_ns for each in _all_of(folder)), default=0)


def _all_of(folder: Path) -> Iterator[Path]:
    """Yield a folder and what is in it; where there is none, the one that it was in."""
    yield folder if folder.is_dir() else folder.parent
    yield from folder.rglob("*")
