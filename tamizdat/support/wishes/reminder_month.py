"""In which month a reminder comes."""

from datetime import date

NEXT_UNTIL = 20  # from this day on "next month" would be too soon to count as later


def offered(today: date) -> date:
    """Return the month to be reminded in: before the 20th the next, else the one after."""
    return ahead(today, 1 if today.day < NEXT_UNTIL else 2)


def ahead(day: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    whole = day.month - 1 + months
    return date(day.year + whole // 12, whole % 12 + 1, 1)
