"""How `tamizdat work` begins: with databases that may come later than it does."""

from django.db import Error

from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.processes import stopping
from tamizdat.lib.worker_socket import wake
from tamizdat.site.databases import database_watch, migrating
from tamizdat.site.databases.connections import fresh_connections
from tamizdat.site.databases.database_alerts import State
from tamizdat.site.founding.newsroom import keep_up
from tamizdat.site.processes import moved_away

AGAIN_S = 2.0
LOOK_EVERY_S = 0.5  # whether we are told to stop
ANSWERS: tuple[State, ...] = ("well", "ahead", "behind", "empty")


def begin(newsroom: Newsroom) -> bool:
    """Wait for the desk's database and bring all up to date; from then on watch them.

    The counter's and the till's are not waited for: they are brought up to date when they come.
    On a till's own machine its database is the only one, and is waited for.

    Returns:
        False if this process was told to stop meanwhile.

    Raises:
        NewsroomError: the desk's database was lost.
    """
    moved_away.forget(newsroom)
    watch = database_watch.begin(mend=_mend, back=lambda: _say_so(newsroom))
    while not stopping.stopping():
        if watch.wait_for("default", ANSWERS, LOOK_EVERY_S) and _is_kept_up(newsroom):
            return True
    return False


def _is_kept_up(newsroom: Newsroom) -> bool:
    try:
        keep_up(newsroom)
    except stopping.Stopped:
        return False
    except Error as error:
        if not trouble(error):
            raise
        fresh_connections()  # what broke would be met again each time
        stopping.wait(AGAIN_S)
        return False
    return True


def _mend(alias: str) -> None:
    """Bring the counter's or the till's database up to date. The desk's is done at the start."""
    if alias != "default":
        migrating.mend(alias)


def _say_so(newsroom: Newsroom) -> None:
    """Have a round at once: a database is back."""
    wake(newsroom, "database")
