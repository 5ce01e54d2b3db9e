"""Alerts about what another machine holds now: nobody here would ever take them back."""

from django.conf import settings

from tamizdat.lib import alerts
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import fallback
from tamizdat.site.databases import database_alerts
from tamizdat.site.databases.settings import FILES
from tamizdat.site.processes.working import ROOMS, TILL, rooms


def forget(newsroom: Newsroom) -> None:
    """Take back alerts about databases, rooms and pages that this machine does not look after."""
    for key in _of_databases() | _of_rooms() | _of_pages(newsroom):
        alerts.clear(newsroom.data, key)


def _of_databases() -> set[str]:
    return {database_alerts.key(role, each) for role in _moved() for each in database_alerts.TOLD}


def _moved() -> set[str]:
    elsewhere = FILES.keys() - settings.DATABASES.keys()
    return {"desk" if alias == "default" else alias for alias in elsewhere}


def _of_pages(newsroom: Newsroom) -> set[str]:
    themes = (f"{fallback.KEY}{role}-" for role in _moved())
    return {
        f"{theme}{page}" for theme in themes for page in alerts.standing_under(newsroom.data, theme)
    }


def _of_rooms() -> set[str]:
    others = set(ROOMS) - set(rooms())
    found = {f"{what}-{room.name}" for room in others for what in ("round", "slow")}
    if TILL in others:
        from tamizdat.support.till.tasks import ALERTS  # read only where its room is not at work

        found |= ALERTS
    return found
