"""A newsroom that keeps everything in PostgreSQL, from its founding to its first articles."""

import json
import os
import subprocess
import sys

import pytest

from tamizdat.desk.importing.tests.exports import item, save

VARIABLES = {
    "DATABASE_URL": "sheet_desk",
    "COUNTER_DATABASE_URL": "sheet_counter",
    "TILL_DATABASE_URL": "sheet_till",
}


@pytest.fixture
def tamizdat(postgres, tmp_path):
    """Runs `tamizdat …` with the databases of docs/howto/use-postgresql.md, empty at first."""
    postgres.run("CREATE ROLE newsroom LOGIN")
    for name in VARIABLES.values():
        postgres.run(f"CREATE DATABASE {name} OWNER newsroom")
    addresses = {each: postgres.address(name, user="newsroom") for each, name in VARIABLES.items()}

    def tamizdat(*words):
        done = subprocess.run(
            [sys.executable, "-m", "tamizdat.site", *map(str, words)],
            env={**os.environ, **addresses, "TAMIZDAT_PASSWORD": "a lantern in the mill"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return tamizdat


def test_a_newsroom_is_founded_filled_and_published(tamizdat, tmp_path):
    folder = tmp_path / "sheet"
    there = ("--newsroom", folder)

    tamizdat("init", folder, "--name", "The Sheet", "--language", "en", "--yes")
    tamizdat(*there, "createuser", "nora@example.org", "--name", "Nora Keld", "--role", "editor")
    tamizdat(*there, "import", "wordpress", save(tmp_path, item(1), item(2)))
    built = json.loads(tamizdat(*there, "build", "--json"))
    again = json.loads(tamizdat(*there, "build", "--json"))

    assert (built["number"], again["written"]) == (again["number"], 0)
    front = (folder / "edition/current/en/index.html").read_text(encoding="utf-8")
    assert "Story 1" in front
    assert "Story 2" in front
    assert list((folder / "data").glob("*.sqlite3")) == []
