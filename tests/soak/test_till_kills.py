"""The long version of support/till/tests/test_till_kills.py, on both databases."""

import os
import random

import pytest

from tests.databases import OnPostgresql, OnSqlite
from tests.till_kills import POINTS, kill

KILLS = int(os.environ.get("TAMIZDAT_SOAK_KILLS", "300"))


@pytest.mark.parametrize("kind", [OnSqlite, OnPostgresql])
def test_three_hundred_kills_of_the_till_lose_no_gift_and_charge_nobody_twice(tmp_path, kind):
    databases = kind()
    if kind is OnPostgresql:
        databases.provide()
    try:
        outcome = kill(tmp_path / "sheet", databases, KILLS, random.Random(1047))
    finally:
        databases.remove()

    assert min(outcome["kills"][point] for point in POINTS) >= KILLS // len(POINTS)
    assert (outcome["lost"], outcome["twice"], outcome["open"]) == ([], [], 0)
    assert outcome["failed"] == []
