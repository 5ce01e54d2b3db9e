"""`tamizdat work` that waits: for a database that is not there, and for another process."""

import subprocess
import sys

import pytest

from tamizdat.site.databases import migrating
from tamizdat.site.tests.at_work import found, until

NOWHERE = "postgresql://nobody@%2Fnowhere/desk"
HOLD = """
from tamizdat.site.boot import boot
boot()
from tamizdat.site.databases.migrating import alone
with alone():
    print("ours", flush=True)
    input()
"""


@pytest.fixture
def place(tmp_path, databases):
    made = found(tmp_path / "newsroom", databases)
    yield made
    made.leave_nobody()


def test_work_that_waits_for_its_database_stops_when_it_is_told(place):
    place.more["DATABASE_URL"] = NOWHERE
    work = place.tamizdat("work")
    until(lambda: "database-desk-away" in place.standing())

    work.terminate()

    assert work.wait(20) == 0, place.said("work")
    assert place.said("work").count("The desk's database does not answer.") == 1


def test_work_that_waits_for_another_process_stops_when_it_is_told(place):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD], env=place.environment("desk"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with other:
        assert other.stdout.readline() == "ours\n"
        work = place.tamizdat("work")
        until(lambda: migrating.WAITS in place.said("work"))

        work.terminate()

        assert work.wait(20) == 0, place.said("work")
        other.kill()
