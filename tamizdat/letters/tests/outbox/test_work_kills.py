"""The worker is killed once at each point of its letters. `make soak` does it 300 times."""

import random

import pytest

from tests.killed_worker import POINTS
from tests.work_kills import kill


@pytest.mark.django_db(transaction=True, databases=["default", "counter"])
def test_killed_once_at_each_point(tmp_path, databases):
    outcome = kill(tmp_path / "sheet", databases, len(POINTS), random.Random(8058))

    assert outcome["kills"] == dict.fromkeys(POINTS, 1)
    assert (outcome["lost"], outcome["waiting"], outcome["open"]) == ([], [], 0)
    assert outcome["repeated_outside"] == []
