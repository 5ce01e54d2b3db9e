"""The desk brings the databases up to date, one process at a time; the other roles wait for it."""

import os
import shutil
import subprocess
import sys

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from tamizdat.site import migrating
from tamizdat.site.database_versions import version
from tests.databases import NAMES
from tests.postgres import server

SEVERAL = 2
HOLD = """
from tamizdat.site.boot import boot
boot()
from tamizdat.site.migrating import alone
with alone():
    print("ours", flush=True)
    input()
"""
MIGRATE = "from tamizdat.site.boot import boot, migrate; boot(); migrate()"


@pytest.fixture(scope="module")
def machine():
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request, newsroom, tmp_path):
    """A newsroom's folder with three empty databases."""
    for name in ("data", "keys"):
        (tmp_path / name).mkdir()
    shutil.copy(newsroom.folder / "tamizdat.toml", tmp_path)
    text = (tmp_path / "tamizdat.toml").read_text().partition("\n[databases]")[0]
    (tmp_path / "tamizdat.toml").write_text(text)
    named = {}
    if request.param == "postgresql":
        machine = request.getfixturevalue("machine")
        for name in NAMES.values():
            machine.run(f"DROP DATABASE IF EXISTS {name}")
            machine.run(f"CREATE DATABASE {name}")
        variables = ("DATABASE_URL", "COUNTER_DATABASE_URL", "TILL_DATABASE_URL")
        named = {v: machine.address(n) for v, n in zip(variables, NAMES.values(), strict=True)}
    return {**os.environ, "TAMIZDAT_NEWSROOM": str(tmp_path), "TAMIZDAT_ROLE": "desk", **named}


def test_several_that_start_together_on_empty_databases_all_live(environment):
    """Without the lock all but one die: each makes the same tables."""
    processes = [
        subprocess.Popen([sys.executable, "-c", MIGRATE], env=environment, stderr=subprocess.PIPE)
        for _ in range(SEVERAL)
    ]
    said = [process.communicate(timeout=300)[1].decode() for process in processes]

    assert [process.returncode for process in processes] == [0] * SEVERAL, "\n".join(said)
    assert migrating.WAITS in "".join(said)


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
