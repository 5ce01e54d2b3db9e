"""The long version of letters/tests/test_work_kills.py, on both databases."""

import os
import random

import pytest

from tests.databases import OnPostgresql, OnSqlite
from tests.killed_worker import POINTS
from tests.work_kills import kill

KILLS = int(os.environ.get("TAMIZDAT_SOAK_KILLS", "300"))


@pytest.mark.parametrize("kind", [OnSqlite, OnPostgresql])
def test_three_hundred_kills_of_the_worker_lose_no_letter(tmp_path, kind):
    databases = kind()
    if kind is OnPostgresql:
        databases.provide()
    try:
        outcome = kill(tmp_path / "sheet", databases, KILLS, random.Random(1047))
    finally:
        databases.remove()

    assert min(outcome["kills"][point] for point in POINTS) >= KILLS // len(POINTS)
    assert (outcome["lost"], outcome["waiting"], outcome["open"]) == ([], [], 0)
    assert outcome["repeated_outside"] == []
