"""What time it is, and how a demonstration moves it."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from tamizdat.lib import leaps
from tamizdat.lib.replacing import replace

CLOCK_FILE = "TAMIZDAT_CLOCK"


def now() -> datetime:
    """Return the present moment in UTC.

    A leap of the machine's clock that nobody has understood yet is taken out (`lib.leaps`). What
    a clock file says is added: the demonstration has one, so that renewals and reminders can be
    seen without waiting a month; it holds a whole number of seconds. A newsroom in earnest has
    none.

    Only doors ask the clock; rules take `at` as a parameter.
    """
    newsroom = os.environ.get("TAMIZDAT_NEWSROOM", "")
    return leaps.now(Path(newsroom) / "data" if newsroom else None) + _moved_by()


def move(by: timedelta) -> datetime:
    """Move the demonstration's clock forward and return the new time.

    Raises:
        RuntimeError: this newsroom's clock cannot be moved (no clock file is named).
        ValueError: `by` would move it backwards, which no outbox survives.
    """
    path = _clock_file()
    if path is None:
        raise RuntimeError("only a demonstration newsroom's clock can be moved")
    if by < timedelta(0):
        raise ValueError("the clock only moves forward")
    whole = _moved_by() + by
    replace(path, str(int(whole.total_seconds())).encode())
    return now()


def _clock_file() -> Path | None:
    name = os.environ.get(CLOCK_FILE, "")
    return Path(name) if name else None


def _moved_by() -> timedelta:
    path = _clock_file()
    if path is None or not path.exists():
        return timedelta(0)
    return timedelta(seconds=int(path.read_text(encoding="ascii").strip() or 0))
