"""Counter and till wait for the tables that they need, and say so; they never make them."""

import json

import pytest

from tamizdat.readers.counter.version import needed
from tamizdat.support.tests.box import furnish
from tests.databases import OnSqlite
from tests.waiting import at_last

TOKEN = "abcdefghijklmnopqrstuvwxyz"
REPLACE = "INSERT OR REPLACE INTO counter_published (name, text) VALUES ('tables', ?)"


@pytest.fixture
def box(tmp_path, newsroom, django_db_setup):
    settings = (newsroom.folder / "tamizdat.toml").read_text().partition("\n[databases]")[0]
    box = furnish(tmp_path / "newsroom", settings, OnSqlite())
    yield box
    box.stop()


def test_a_till_waits_for_the_desk_and_begins_by_itself(box):
    newest = "SELECT max(name) FROM django_migrations WHERE app = 'till'"
    ((name,),) = box.databases.rows("till", box.folder, newest)
    forget = "DELETE FROM django_migrations WHERE app = 'till' AND name = ?"
    box.databases.change("till", box.folder, forget, name)
    box.start("till")

    assert at_last(lambda: box.begin_contribution().status == 503)
    assert at_last(lambda: box.alerts() == {"database-till-behind"})

    again = "INSERT INTO django_migrations (app, name, applied) VALUES ('till', ?, '2026-11-29')"
    box.databases.change("till", box.folder, again, name)

    assert at_last(lambda: box.begin_contribution().status == 200)
    assert at_last(lambda: box.alerts() == set())


def test_a_till_without_tables_makes_none(box):
    path = box.folder / "data" / "till.sqlite3"
    path.unlink()
    box.start("till")

    assert at_last(lambda: box.alerts() == {"database-till-empty"})
    assert box.databases.rows("till", box.folder, "SELECT name FROM sqlite_master") == []
    assert oct(path.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    ("there", "state"),
    [
        pytest.param("0001_initial", "behind", id="the desk is older"),
        pytest.param("9999_from_tomorrow", "ahead", id="the desk is newer"),
    ],
)
def test_a_counter_of_another_version_than_its_tables_says_so(box, there, state):
    box.databases.change("counter", box.folder, REPLACE, json.dumps(there))
    box.start("counter")
    leave = f"{box.newsroom.addresses.counter}/en/leave/{TOKEN}"

    assert at_last(lambda: box.alerts() == {f"database-counter-{state}"})
    assert box.get(leave).status == 200

    if state == "behind":
        box.databases.change("counter", box.folder, REPLACE, json.dumps(needed()))
        assert at_last(lambda: box.alerts() == set())
