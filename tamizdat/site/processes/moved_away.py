"""Alerts about what another machine holds now: nobody here would ever take them back."""

from django.conf import settings

from tamizdat.lib import alerts
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.databases import database_alerts
from tamizdat.site.databases.settings import FILES
from tamizdat.site.processes.working import ROOMS, TILL, rooms


def forget(newsroom: Newsroom) -> None:
    """Take back alerts about databases and rooms that this machine does not look after."""
    for key in _of_databases() | _of_rooms():
        alerts.clear(newsroom.data, key)


def _of_databases() -> set[str]:
    elsewhere = FILES.keys() - settings.DATABASES.keys()
    names = ("desk" if alias == "default" else alias for alias in elsewhere)
    return {database_alerts.key(name, each) for name in names for each in database_alerts.TOLD}


def _of_rooms() -> set[str]:
    others = set(ROOMS) - set(rooms())
    found = {f"round-{room.name}" for room in others}
    if TILL in others:
        from tamizdat.support.till.tasks import ALERTS  # read only where its room is not at work

        found |= ALERTS
    return found
