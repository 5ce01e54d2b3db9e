"""Which day it is at the newsroom, and on which one the next letter of a newsletter is due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tamizdat.lib.newsroom import Newsroom


def local_day(newsroom: Newsroom, at: datetime) -> date:
    """Return the day that it is at the newsroom."""
    return at.astimezone(ZoneInfo(newsroom.time_zone)).date()


def next_day(weekday: int, today: date, last: date | None) -> date:
    """Return the next day on which an issue should go out; today counts unless one went already.

    `weekday` has Monday as 0.
    """
    ahead = (weekday - today.weekday()) % 7
    day = today + timedelta(days=ahead)
    return day + timedelta(days=7) if last is not None and last >= day else day
