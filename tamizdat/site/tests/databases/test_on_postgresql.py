"""A newsroom that keeps everything in PostgreSQL, from its founding to its first articles."""

import json
import os
import subprocess
import sys

import pytest

from tamizdat.desk.importing.tests.exports import item, save
from tests.in_turn import in_turn

VARIABLES = {
    "DATABASE_URL": "sheet_desk",
    "COUNTER_DATABASE_URL": "sheet_counter",
    "TILL_DATABASE_URL": "sheet_till",
}


@pytest.fixture
def environment(postgres):
    """One that names the databases of docs/howto/use-postgresql.md, empty at first."""
    postgres.run("CREATE ROLE newsroom LOGIN")
    for name in VARIABLES.values():
        postgres.run(f"CREATE DATABASE {name} OWNER newsroom")
    addresses = {each: postgres.address(name, user="newsroom") for each, name in VARIABLES.items()}
    return {**os.environ, **addresses, "TAMIZDAT_PASSWORD": "a lantern in the mill"}


def init(folder, environment):
    words = ("init", str(folder), "--name", "The Sheet", "--language", "en", "--yes")
    done = subprocess.run(
        [sys.executable, "-m", "tamizdat.site", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_newsroom_is_founded_filled_and_published(environment, tmp_path):
    folder = tmp_path / "sheet"

    init(folder, environment)
    done = in_turn(
        folder,
        ("createuser", "nora@example.org", "--name", "Nora Keld", "--role", "editor"),
        ("import", "wordpress", save(tmp_path, item(1), item(2))),
        ("build", "--json"),
        ("build", "--json"),
        env=environment,
    )

    assert [each.returncode for each in done] == [0] * len(done), done
    built, again = (json.loads(each.stdout) for each in done[2:])
    assert (built["number"], again["written"]) == (again["number"], 0)
    front = (folder / "edition/current/en/index.html").read_text(encoding="utf-8")
    assert "Story 1" in front
    assert "Story 2" in front
    assert list((folder / "data").glob("*.sqlite3")) == []
