"""The long version of support/till/tests/test_till_kills.py, on both databases."""

import os
import random

from tests.till_kills import POINTS, kill

KILLS = int(os.environ.get("TAMIZDAT_SOAK_KILLS", "300"))


def test_three_hundred_kills_of_the_till_lose_no_contribution_and_charge_nobody_twice(
    tmp_path, each_database
):
    outcome = kill(tmp_path / "sheet", each_database, KILLS, random.Random(1047))

    assert min(outcome["kills"][point] for point in POINTS) >= KILLS // len(POINTS)
    assert (outcome["lost"], outcome["twice"], outcome["open"]) == ([], [], 0)
    assert outcome["failed"] == []
