"""Pages that somebody waits for, though a file of the newsroom's own theme is broken.

A typing error in `theme/` must not take the counter's and the till's pages away. Such a page is
then shown in our look, and an alert names the file. An edition is different: it is not printed
in a look that nobody chose, it waits.
"""

from collections.abc import Callable
from typing import TypeVar

from tamizdat.lib import alerts, clock
from tamizdat.lib.alerts import Alert
from tamizdat.lib.failures import where
from tamizdat.lib.theme import Theme, theme

WHAT = "A file in theme/ is broken. Readers see some pages of counter and till without it."
DO = "Mend the file that is named here, or take it away."

Made = TypeVar("Made")


def own_or_ours(page: str, make: Callable[[Theme], Made]) -> Made:
    """Return what is made with the newsroom's own look or, where that fails, with ours.

    `page` is the template's path: each broken page has an alert of its own.
    """
    look = theme()
    data = look.newsroom.data
    key = f"theme-{page.partition('.')[0].replace('/', '-')}"
    try:
        made = make(look)
    except Exception as error:  # noqa: BLE001  whatever a template does
        made = make(look.without_own)  # what fails here, too, is no fault of theirs
        alert = Alert(key, WHAT, do=DO, cause=where(error))
        alerts.raise_alert(data, alert, clock.now())
        return made
    alerts.clear(data, key)
    return made
