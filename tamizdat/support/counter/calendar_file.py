"""A calendar file that reminds, and names nobody."""

from datetime import UTC, date, datetime, time
from uuid import uuid4


def calendar_file(month: date, title: str, at: datetime) -> str:
    """Return an iCalendar file (RFC 5545) with one all-day event on the first of a month.

    The title is the only text in it, and it is neutral: a calendar is often shared with a
    family or an employer, and lies open on every telephone.
    """
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//calendar//EN",
        "BEGIN:VEVENT",
        f"UID:{uuid4()}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{month:%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        f"TRIGGER;VALUE=DATE-TIME:{_nine(month)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\r\n".join(lines) + "\r\n"


def _escaped(text: str) -> str:
    """Return a text as RFC 5545 section 3.3.11 wants it, in one line."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", " ")


def _nine(month: date) -> str:
    return datetime.combine(month, time(9), UTC).strftime("%Y%m%dT%H%M%SZ")
