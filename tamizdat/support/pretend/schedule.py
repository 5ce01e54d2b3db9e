"""When a gift is charged again: the pretend service's calendar."""

import calendar
from datetime import datetime, timedelta

MONTHS = {"month": 1, "year": 12}
TRY_AGAIN = timedelta(days=3)
TRIES = 4
SETTLES_AFTER = timedelta(hours=1)
QUESTION_LASTS = timedelta(hours=24)


def due(begun: datetime, interval: str, number: int) -> datetime:
    """Return when charge `number` is due; 0 is the first, made when the gift began.

    Counted from the beginning and not from the last charge, so that a gift of the 31st comes
    back to the 31st after a short month.
    """
    months = begun.month - 1 + MONTHS[interval] * number
    year, month = begun.year + months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return begun.replace(year=year, month=month, day=min(begun.day, last))
