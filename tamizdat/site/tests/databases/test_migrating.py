"""The desk brings the databases up to date, one process at a time; the other roles wait for it."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from tamizdat.lib import alerts
from tamizdat.lib.filelock import lock
from tamizdat.site.databases import migrating
from tamizdat.site.databases.database_versions import version
from tamizdat.site.databases.lost_parts import NOTES
from tests.databases import OnSqlite, migrated_server
from tests.founded import VARIABLES

SEVERAL = 2
HOLD = """
from tamizdat.site.boot import boot
boot()
from tamizdat.site.databases.migrating import alone
with alone():
    print("ours", flush=True)
    input()
"""
MIGRATE = """
from tamizdat.site.boot import boot, migrate
boot()
migrate()
from tamizdat.site.databases.database_versions import version
from tamizdat.site.databases.lost_parts import NOTES
print(*map(version, ("default", "counter", "till")))
"""
EMPTY = ("counter", "till")


@pytest.fixture(scope="module")
def machine():
    with migrated_server() as running:
        yield running


@pytest.fixture
def folder(newsroom, tmp_path):
    """A newsroom's folder without databases."""
    for name in ("data", "keys"):
        (tmp_path / name).mkdir()
    text = (newsroom.folder / "tamizdat.toml").read_text().partition("\n[databases]")[0]
    (tmp_path / "tamizdat.toml").write_text(text)
    return tmp_path


@pytest.fixture(params=["sqlite", "postgresql"])
def behind(request, folder):
    """Databases of which two are empty: their addresses, and how a process takes the lock."""
    if request.param == "sqlite":
        OnSqlite().of_its_own(folder)
        for name in EMPTY:
            (folder / f"data/{name}.sqlite3").unlink()
        return {}, lock(folder / "data" / migrating.FILE)
    machine = request.getfixturevalue("machine")
    for name in EMPTY:
        machine.run(f"DROP DATABASE {name}")
        machine.run(f"CREATE DATABASE {name}")
    addresses = {variable: machine.address(name) for variable, name in VARIABLES.items()}
    return addresses, held_in(addresses["DATABASE_URL"])


@contextmanager
def held_in(database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [migrating.NUMBER])
        yield


def begin(folder, addresses):
    """Begin to bring the databases of a newsroom up to date."""
    ours = {"TAMIZDAT_NEWSROOM": str(folder), "TAMIZDAT_ROLE": "desk"}
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE], env={**os.environ, **ours, **addresses},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def all_live(processes):
    """Wait until all have brought all three up to date; return what each said."""
    said = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), said
    assert [out for out, _ in said] == ["well well well\n"] * len(processes)
    return said


def test_several_that_start_together_all_live(folder, behind):
    """Without the lock all but one die: each makes the same tables. tests/soak has them all."""
    addresses, taken = behind
    with taken:
        processes = [begin(folder, addresses) for _ in range(SEVERAL)]
        waiting = [process.stderr.readline() for process in processes]

    all_live(processes)
    assert waiting == [f"{migrating.WAITS}\n"] * SEVERAL


@pytest.mark.django_db(databases=["default", "counter", "till"], transaction=True)
def test_while_one_process_holds_the_lock_another_waits(newsroom):
    """And a process that dies lets go of it."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD], env={**os.environ, "TAMIZDAT_ROLE": "desk"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with other:
        assert other.stdout.readline() == "ours\n"
        with migrating._lock() as free:
            assert not free
        other.kill()
    with migrating.alone():
        pass


@pytest.fixture
def applied(django_db_setup, django_db_blocker):
    """The rows of a database that say what was migrated; they are put back after the story."""
    with django_db_blocker.unblock():
        rows = MigrationRecorder(connections["till"]).migration_qs
        before = list(rows.all())
        yield rows
        rows.all().delete()
        rows.bulk_create(before)


def test_a_database_is_compared_with_the_program(applied):
    assert version("till") == "well"
    assert version("default") == "well"

    newest = applied.filter(app="till").order_by("name").last().name
    applied.filter(app="till", name=newest).delete()
    assert version("till") == "behind"

    MigrationRecorder(connections["till"]).record_applied("till", newest)
    MigrationRecorder(connections["till"]).record_applied("till", "9999_from_tomorrow")
    assert version("till") == "ahead"


def test_a_migration_that_others_have_joined_is_no_sign_of_a_newer_program(applied):
    MigrationRecorder(connections["till"]).record_applied("till", "0000_joined_long_ago")

    assert version("till") == "well"


def test_no_empty_books_are_made_in_the_place_of_lost_ones(folder):
    OnSqlite().of_its_own(folder)

    def migrated():
        return begin(folder, {}).communicate(timeout=300)[0].split()

    assert migrated() == ["well", "well", "well"]
    (folder / "data/till.sqlite3").unlink()
    assert migrated() == ["well", "well", "lost"]
    assert [each.key for each in alerts.standing(folder / "data")] == ["database-till-lost"]

    (folder / "data" / NOTES["till"]).unlink()  # as the alert says, for who wants empty ones
    assert migrated() == ["well", "well", "well"]
    assert alerts.standing(folder / "data") == []
