"""The till is killed once at each point of payments and sweeps. `make soak` does it 300 times."""

import random

from tests.till_kills import POINTS, kill


def test_killed_once_at_each_point(tmp_path, databases):
    outcome = kill(tmp_path / "sheet", databases, len(POINTS), random.Random(5))

    assert outcome["kills"] == dict.fromkeys(POINTS, 1)
    assert (outcome["lost"], outcome["twice"], outcome["open"]) == ([], [], 0)
    assert outcome["failed"] == []
