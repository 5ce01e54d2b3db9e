"""When the next letter of a newsletter is due."""

from datetime import date, timedelta


def next_day(weekday: int, today: date, last: date | None) -> date:
    """Return the next day on which an issue should go out; today counts unless one went already.

    `weekday` has Monday as 0.
    """
    ahead = (weekday - today.weekday()) % 7
    day = today + timedelta(days=ahead)
    return day + timedelta(days=7) if last is not None and last >= day else day
