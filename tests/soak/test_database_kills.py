"""The long version of site/tests/databases/test_database_kills.py: thirty kills at each point."""

import os

from tamizdat.site.tests.databases.test_database_kills import machine, sheet
from tests.database_kills import kill_at, points
from tests.losing import POINTS

__all__ = ["machine", "sheet"]
KILLS = int(os.environ.get("TAMIZDAT_SOAK_KILLS", "300"))


def test_three_hundred_kills_of_the_database_lose_nothing(sheet):
    outcome = kill_at(sheet, points(KILLS))

    assert (outcome["lost"], outcome["repeated"], outcome["failed"]) == ([], [], [])
    assert min(outcome["kills"].values()) >= KILLS // len(POINTS)
