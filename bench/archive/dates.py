"""When an archive's articles were published."""

import random
from datetime import UTC, datetime, timedelta

NEWEST = datetime(2026, 11, 20, tzinfo=UTC)  # not today: the same seed makes the same archive
YEARS = 15
GROWTH = 0.7  # below 1: a newsroom grows, so more is published each year
SATURDAY = 5
QUIET = 0.6  # the share of a weekend day that is not published


def moments(rng: random.Random, count: int) -> list[datetime]:
    """Return the times of publication, oldest first: most by day, few at weekends."""
    return sorted(_moment(rng) for _ in range(count))


def _moment(rng: random.Random) -> datetime:
    days = int(YEARS * 365.25)
    day = NEWEST - timedelta(days=days - int(days * rng.random() ** GROWTH))
    if day.weekday() >= SATURDAY and rng.random() < QUIET:
        day -= timedelta(days=2)
    return day + timedelta(seconds=int(rng.triangular(4, 22, 9) * 3600))
