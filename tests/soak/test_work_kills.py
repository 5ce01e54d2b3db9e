"""The long version of letters/tests/outbox/test_work_kills.py, on both databases."""

import os
import random

from tests.killed_worker import POINTS
from tests.work_kills import kill

KILLS = int(os.environ.get("TAMIZDAT_SOAK_KILLS", "300"))


def test_three_hundred_kills_of_the_worker_lose_no_letter(tmp_path, each_database):
    outcome = kill(tmp_path / "sheet", each_database, KILLS, random.Random(1047))

    assert min(outcome["kills"][point] for point in POINTS) >= KILLS // len(POINTS)
    assert (outcome["lost"], outcome["waiting"], outcome["open"]) == ([], [], 0)
    assert outcome["repeated_outside"] == []
