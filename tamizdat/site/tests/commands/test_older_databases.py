"""A command after an update, before anything was started: it does what it says."""

import json
import os

import pytest

from tamizdat.desk.importing.tests.exports import item, save
from tests.in_a_newsroom import lay_out
from tests.in_turn import CODE, in_turn

PASSWORD = "seven slow copper kettles"
FOUNDED = """
from tamizdat.readers import keys
from tamizdat.site.boot import migrate
from tamizdat.site.founding.newsroom import lay_out_rooms
keys.SCRYPT.update(n=2**4)
keys.make(newsroom.keys, "a passphrase for the tests")
migrate()
lay_out_rooms(newsroom)
(newsroom.keys / "letters.key").unlink()
"""
OF_BEFORE = """
from django.core.management import call_command
call_command("migrate", "readers", "0007", database="default", verbosity=0)
"""
VERSION = """
from tamizdat.site.databases.database_versions import version
print(version("default"))
"""
ADA = "ada@example.org"
COMMANDS = [
    ("createuser", ADA, "--name", "Ada Holm", "--role", "admin"),
    ("resetuser", ADA),
    ("resetkey", "--yes"),
]


@pytest.fixture
def tell(tmp_path, databases):
    """Do commands in a founded newsroom that lost its letters.key; return how each ended."""
    folder = lay_out(tmp_path, databases)
    env = os.environ | {"TAMIZDAT_ROLE": "desk", "TAMIZDAT_PASSWORD": PASSWORD}

    def told(*commands):
        founded, *others = in_turn(folder, (CODE, FOUNDED), *commands, env=env)
        assert founded.returncode == 0, founded.stderr
        return others

    told.folder = folder
    return told


def test_whoever_needs_the_desk_s_database_brings_it_up_to_date(tell, tmp_path):
    commands = [*COMMANDS, ("import", "wordpress", save(tmp_path, item(1))), ("build",)]
    told = tell(*(each for one in commands for each in ((CODE, OF_BEFORE), one, (CODE, VERSION))))

    for command, before, done, version in zip(
        commands, told[::3], told[1::3], told[2::3], strict=True
    ):
        assert before.returncode == 0, before.stderr
        assert done.returncode == 0, (command, done.stderr)
        assert version.stdout == "well\n", command


def test_who_needs_none_changes_none_and_the_doctor_says_what_to_do(tell):
    told = tell(
        (CODE, OF_BEFORE), ("clock",), ("webserver", "nginx"), ("unit",), ("doctor", "--json"),
        (CODE, VERSION),
    )  # fmt: skip
    *_, doctor, version = told

    assert [each.returncode for each in told] == [0, 0, 0, 0, 1, 0], told
    assert "The desk's database is older than this program." in doctor.stdout
    assert version.stdout == "behind\n"
    json.loads(doctor.stdout)


def test_no_empty_database_is_made_in_the_place_of_a_lost_one(tell):
    file = tell.folder / "data/desk.sqlite3"
    if not file.exists():
        pytest.skip("the databases are no files here")
    lost = "from django.db import connections; connections.close_all()\n"
    lost += f"import pathlib; pathlib.Path({str(file)!r}).unlink()"

    _, *told, empty = tell((CODE, lost), *COMMANDS, (CODE, VERSION))

    for command, done in zip(COMMANDS, told, strict=True):
        assert done.returncode == 1, command
        assert "Put the database back from its backup" in done.stderr, command
    assert empty.stdout == "lost\n"
