"""How far re-rendering is: for the desk, the command line and the log."""

from dataclasses import dataclass
from datetime import datetime

from tamizdat.press.models import RerenderJob, RerenderRun

MINUTE = 60  # seconds
SURE_AFTER = 100  # pages from which on the time left can be guessed


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of so many pages are in the new look; `seconds_left` is None while unknown."""

    done: int
    total: int
    seconds_left: float | None

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes, at least one."""
        return None if self.seconds_left is None else max(1, round(self.seconds_left / MINUTE))


def progress(at: datetime) -> Progress | None:
    """Return how far re-rendering is, None if nothing waits."""
    left, run = RerenderJob.objects.count(), RerenderRun.objects.first()
    if not left or run is None:
        return None
    spent = (at - run.begun).total_seconds()
    return Progress(run.done, run.done + left, left_of(run.done, left, spent))


def left_of(done: int, left: int, spent: float) -> float | None:
    """Return how many seconds the rest takes if it goes on like this; None while nobody knows."""
    return spent / done * left if done >= SURE_AFTER and spent > 0 else None
