"""A damaged file, or one of another user, is named in one sentence that says what to do."""

import json
import os
import subprocess
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from tamizdat.lib.worker_socket import wake
from tamizdat.site.tests.at_work import found, until
from tests.databases import OnSqlite

NAMES = ("desk", "counter", "till")
DAMAGED = 4096  # bytes at the beginning of a file
OTHER = 65534  # nobody(8)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory, django_db_setup):
    """A newsroom of a user for whom the modes of files count."""
    made = found(tmp_path_factory.mktemp("broken") / "newsroom", OnSqlite())
    made.run_unprivileged("work", "--once")
    yield made
    made.stop()
    made.leave_nobody()


@pytest.fixture
def broken(sheet, request, way):
    """Break the file of a database in one way; it is whole again after the story."""
    damage, name = WAYS[way][0], request.param
    path = sheet.folder / f"data/{name}.sqlite3"
    kept = path.read_bytes()
    damage(path)
    yield name
    mend(path, kept)


def mend(path, kept):
    """Put the file back whole: a process that looks meanwhile must not meet half of it."""
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    back = path.with_name(f"{path.name}.back")
    back.write_bytes(kept)
    back.chmod(0o600)
    back.replace(path)


def garble(path):
    with path.open("r+b") as file:
        file.write(os.urandom(DAMAGED))


def take_away(path):
    with suppress(PermissionError):  # only root can give a file away
        os.chown(path, OTHER, OTHER)
    path.chmod(0)


def let_only_read(path):
    with suppress(PermissionError):
        os.chown(path, OTHER, OTHER)
    path.chmod(0o444)


WAYS = {
    "damaged": (garble, "The file data/{}.sqlite3 is damaged.", "back from the backup"),
    "another user's": (take_away, "The file data/{}.sqlite3, or one beside it, cannot", "`chown "),
    "read-only": (let_only_read, "The file data/{}.sqlite3, or one beside it, cannot", "`chown "),
}
# Each way once, and each database once; `make soak` tries all nine.
FEW = set(zip(WAYS, NAMES, strict=True))
PAIRS = [
    pytest.param(*pair, id=" ".join(pair), marks=() if pair in FEW else pytest.mark.soak)
    for pair in product(WAYS, NAMES)
]


@pytest.mark.parametrize(("way", "broken"), PAIRS, indirect=["broken"])
def test_the_doctor_names_it_once_and_says_what_to_do(sheet, broken, way):
    _damage, what, do = WAYS[way]
    findings = json.loads(sheet.run_unprivileged("doctor", "--json").stdout)["findings"]

    (found,) = [each for each in findings if f"{broken}.sqlite3" in str(each)]
    assert found["what"].startswith(what.format(broken))
    assert do in found["do"]
    others = [each["what"] for each in findings if not each["well"] and each != found]
    assert not [each for each in others if "database" in each or "could not" in each]


@pytest.mark.parametrize(("way", "broken"), [(way, "desk") for way in WAYS], indirect=["broken"])
@pytest.mark.usefixtures("broken")
def test_a_command_that_needs_the_desk_s_says_where_to_look(sheet):
    done = sheet.run_unprivileged("work", "--once")

    assert done.returncode == 1
    assert "`tamizdat doctor`" in done.stderr
    assert "server" not in done.stderr
    assert "was not expected" not in done.stderr


@pytest.mark.parametrize(("way", "name"), PAIRS)
def test_while_it_is_served_one_alert_stands_until_the_file_is_well(sheet, way, name):
    damage, what, do = WAYS[way]
    path = Path(sheet.folder / f"data/{name}.sqlite3")
    kept = path.read_bytes()
    damage(path)
    try:
        with (sheet.folder / "serve.log").open("a") as log:
            serve = subprocess.Popen(
                sheet.unprivileged("serve"), env=sheet.environment("desk"), stdout=log, stderr=log
            )
        sheet.processes["serve"] = serve
        until(lambda: sheet.answers("edition") and sheet.listens())
        wake(sheet.newsroom, "database")
        (alert,) = until(lambda: list(sheet.standing().values()))
        assert alert.what.startswith(what.format(name))
        assert do in alert.do
    finally:
        mend(path, kept)
    until(lambda: sheet.standing() == {})
    sheet.halt("serve")
