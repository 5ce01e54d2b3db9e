"""A machine whose clock a test can move; its second clock, which nobody can set, is real."""

from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.lib import leaps
from tamizdat.lib.leaps import Reading


class Machine:
    """What the newsroom reads of the machine that it runs on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = leaps.read
        self._moved = self._passed = timedelta(0)
        self._started: tuple[str, float] | None = None
        self.has_time_server = False
        monkeypatch.setattr(leaps, "read", self.read)
        monkeypatch.setattr(leaps, "_is_synchronised", lambda: self.has_time_server)

    def read(self) -> Reading:
        """Return both clocks, as the machine would."""
        real = self._real()
        boot, began = self._started or (real.boot, 0.0)
        passed, moved = self._passed.total_seconds(), self._moved.total_seconds()
        return Reading(boot, real.running - began + passed, real.wall + passed + moved)

    def passes(self, time: timedelta) -> None:
        """Let time pass, which both clocks show."""
        self._passed += time

    def leap(self, by: timedelta) -> None:
        """Move the clock, as a wrong date does."""
        self._moved += by

    def restart(self, off: timedelta = timedelta(0)) -> None:
        """Start anew, after the machine was off for so long."""
        self._started = ("another start", self._real().running)
        self._moved += off

    def says(self) -> datetime:
        """Return what its clock says."""
        return datetime.fromtimestamp(self.read().wall, UTC)
