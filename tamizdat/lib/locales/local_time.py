"""A moment as people of a newsroom say it."""

from datetime import datetime
from zoneinfo import ZoneInfo


def told(at: datetime, zone: str) -> str:
    """Return a moment on the newsroom's own clock, and which clock that is."""
    return f"{at.astimezone(ZoneInfo(zone)):%-d %B, %H:%M} ({zone})"
