"""Moments as a newsroom writes them: by its own clock, never "3 minutes ago"."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime


def when(moment: datetime | None, at: datetime) -> str:
    """Return "14:05" on the day itself, "6 Nov 14:05" within the year, else "6 Nov 2024".

    A span to now would be right only until the page is looked at a second time, and two
    colleagues in two time zones could not speak of it.
    """
    if moment is None:
        return ""
    local, today = localtime(moment), localtime(at)
    if local.date() == today.date():
        return date_format(local, "H:i")
    return date_format(local, "j M H:i" if local.year == today.year else "j M Y")
