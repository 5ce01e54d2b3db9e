"""How `tamizdat work` begins: with databases that may come later than it does."""

import time

from django.db import Error

from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.wake import wake
from tamizdat.site import database_watch, migrating
from tamizdat.site.database_trouble import trouble
from tamizdat.site.founding import keep_up

AGAIN_S = 2.0


def begin(newsroom: Newsroom) -> None:
    """Wait for the desk's database and bring all up to date; from then on watch them.

    The counter's and the till's are not waited for: they are brought up to date when they come.

    Raises:
        NewsroomError: the desk's database was lost.
    """
    watch = database_watch.begin(mend=_mend, back=lambda: _say_so(newsroom))
    while True:
        watch.wait_until("default", "well", "ahead", "behind")
        try:
            keep_up(newsroom)
        except Error as error:
            if not trouble(error):
                raise
            time.sleep(AGAIN_S)
        else:
            return


def _mend(alias: str) -> None:
    """Bring the counter's or the till's database up to date. The desk's is done at the start."""
    if alias != "default":
        migrating.mend(alias)


def _say_so(newsroom: Newsroom) -> None:
    """Have a round at once: a database is back."""
    wake(newsroom, "database")
