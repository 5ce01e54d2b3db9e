"""A database that is lost is told once and by name; nothing is made in its place."""

import json
import subprocess
import sys
import time

import pytest

from tamizdat.lib.worker_socket import wake
from tamizdat.site.databases.lost_parts import NOTES
from tamizdat.site.tests.at_work import found, until
from tests.databases import OnSqlite

NAMES = ("desk", "counter", "till")
SOAK = pytest.mark.soak
ONE = (pytest.param("desk", marks=SOAK), "counter", pytest.param("till", marks=SOAK))
SEVERAL_LOOKS_S = 5.0


@pytest.fixture(scope="module")
def ours(tmp_path_factory, django_db_setup):
    made = found(tmp_path_factory.mktemp("lost") / "newsroom", OnSqlite())
    assert made.tamizdat("work", "--once").wait(60) == 0
    yield made
    made.stop()
    made.leave_nobody()


@pytest.fixture
def sheet(ours):
    """The newsroom of all stories, which nobody serves; afterwards no database is lost."""
    end(ours)
    yield ours
    for name in NAMES:
        put_back(ours, name)


@pytest.fixture
def served(ours):
    """The same newsroom, served: it goes on to be, so that the next story need not begin it."""
    if "serve" not in ours.processes:
        ours.serve()
    assert settles(ours, set()) == set()
    yield ours
    for name in NAMES:
        put_back(ours, name)


def end(sheet):
    if serve := sheet.processes.pop("serve", None):
        serve.terminate()
        serve.wait(20)


def lose(sheet, name):
    """Move a database away, with what SQLite keeps beside it."""
    kept = sheet.folder / f"kept-{name}"
    kept.mkdir()
    for path in (sheet.folder / "data").glob(f"{name}.sqlite3*"):
        path.rename(kept / path.name)


def put_back(sheet, name):
    """Put a database back that was lost. One that is there is left as it is."""
    data, kept = sheet.folder / "data", sheet.folder / f"kept-{name}"
    if not kept.exists():
        return
    for path in data.glob(f"{name}.sqlite3*"):
        path.unlink()
    for path in kept.iterdir():
        path.rename(data / path.name)
    kept.rmdir()


def settles(sheet, expected):
    """Wait for these alerts, have all rooms look again, and say which stand then."""
    wake(sheet.newsroom, "database")
    until(lambda: sheet.standing().keys() == expected or None)
    wake(sheet.newsroom, "database")
    time.sleep(SEVERAL_LOOKS_S)
    return set(sheet.standing())


def about_databases(sheet):
    """What `doctor` finds of the databases, in another process."""
    command = [sys.executable, "-m", "tamizdat.site", "--newsroom", str(sheet.folder)]
    done = subprocess.run(
        [*command, "doctor", "--json"],
        env=sheet.environment("desk"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    findings = json.loads(done.stdout)["findings"]
    return [each["what"] for each in findings if not each["well"] and "database" in str(each)]


@pytest.mark.parametrize("name", ["desk", "counter", pytest.param("till", marks=SOAK)])
def test_one_that_is_lost_while_it_is_served_is_one_alert_until_it_is_back(served, name):
    lose(served, name)

    assert settles(served, {f"database-{name}-lost"}) == {f"database-{name}-lost"}
    (what,) = about_databases(served)
    assert what.startswith(f"The {name}'s database is empty, but ")

    put_back(served, name)
    assert settles(served, set()) == set()


@pytest.mark.parametrize("name", ONE)
def test_one_that_is_lost_before_the_start_is_told_and_not_made_anew(sheet, name):
    lose(sheet, name)
    sheet.processes["serve"] = sheet.tamizdat("serve")
    until(lambda: sheet.answers("edition") and sheet.listens())

    assert settles(sheet, {f"database-{name}-lost"}) == {f"database-{name}-lost"}
    (what,) = about_databases(sheet)
    assert what.startswith(f"The {name}'s database is empty, but ")
    assert sheet.databases.rows(
        {"desk": "default"}.get(name, name), sheet.folder, "SELECT name FROM sqlite_master"
    ) == []  # fmt: skip

    put_back(sheet, name)
    assert settles(sheet, set()) == set()


@pytest.mark.parametrize("name", ["desk", "counter", pytest.param("till", marks=SOAK)])
def test_who_only_looks_makes_no_file_in_the_place_of_one_that_is_lost(sheet, name):
    lose(sheet, name)

    (what,) = about_databases(sheet)

    assert what.startswith(f"The {name}'s database is empty, but ")
    assert list((sheet.folder / "data").glob(f"{name}.sqlite3*")) == []


@pytest.mark.parametrize("name", ["counter", pytest.param("till", marks=SOAK)])
def test_one_round_alone_tells_a_lost_database_once(sheet, name):
    lose(sheet, name)

    assert sheet.tamizdat("work", "--once").wait(60) == 1
    assert set(sheet.standing()) == {f"database-{name}-lost"}

    put_back(sheet, name)
    assert sheet.tamizdat("work", "--once").wait(60) == 0
    assert sheet.standing() == {}


@pytest.mark.parametrize("name", [pytest.param("counter", marks=SOAK), "till"])
def test_who_says_that_it_is_lost_for_good_gets_an_empty_one(served, name):
    lose(served, name)
    assert settles(served, {f"database-{name}-lost"}) == {f"database-{name}-lost"}
    assert NOTES[name] in served.standing()[f"database-{name}-lost"].do

    (served.newsroom.data / NOTES[name]).unlink()  # as the alert says

    assert settles(served, set()) == set()
    assert (served.newsroom.data / NOTES[name]).exists()
