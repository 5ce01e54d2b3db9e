"""The database server is killed in the middle of sign-ups, letters and charges: nothing is lost.

`make soak` does it three hundred times.
"""

import pytest

from tests.database_kills import kill_at
from tests.databases import migrated_server
from tests.sheet import Sheet


@pytest.fixture(scope="module")
def machine():
    with migrated_server(keeps=True) as running:
        yield running


@pytest.fixture
def sheet(machine, tmp_path):
    founded = Sheet.found(tmp_path / "sheet", machine)
    yield founded
    founded.close()


FEW = (
    "while it begins",
    "after the submission",
    "after the letter was handed over",
    "after the charge",
)


def test_killed_once_in_each_role(sheet):
    outcome = kill_at(sheet, FEW)

    assert (outcome["lost"], outcome["repeated"], outcome["failed"]) == ([], [], [])
    assert outcome["kills"] == dict.fromkeys(FEW, 1)
