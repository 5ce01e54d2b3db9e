"""What the newsroom is told to run does in a real shell what the sentence says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tamizdat
from tamizdat.lib import users
from tamizdat.site.tests.at_work import found
from tests.databases import OnSqlite
from tests.without_privileges import without_privileges

NAMED = re.compile(r"`((?:chmod|rm) [^`]+)`")
#: A command in our texts that takes in a path as it is.
UNQUOTED = re.compile(
    r"`(?:chown|chmod|rm|mv|cp|openssl|tamizdat)\b[^`]*"
    r"\{(?!quoted|user|command|give_command|for_chown)[^`]*`"
)
CLOSED = {
    "files": ("keys/letters.key", "data/alerts/closed.json", "data/counter.sqlite3", "data/notes"),
    "folders": ("keys", "data/alerts", "media"),
}


@pytest.fixture(scope="module")
def sheet(tmp_path_factory, django_db_setup):
    """A newsroom in a folder whose name is several words to a shell."""
    home = tmp_path_factory.mktemp("named") / "Anna's $HOME; news"
    made = found(home / "the room", OnSqlite())
    (made.folder / "data/alerts").mkdir(mode=0o700)
    (made.folder / "media").mkdir(exist_ok=True)
    return made


def run(sheet, *command):
    return subprocess.run(
        without_privileges(*command), env=sheet.environment("desk"),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def wrong(sheet):
    words = ("-m", "tamizdat.site", "--newsroom", sheet.folder, "doctor", "--json")
    findings = json.loads(run(sheet, sys.executable, *words).stdout)["findings"]
    return {each["what"]: each["do"] for each in findings if not each["well"]}


@pytest.mark.parametrize("closed", CLOSED.values(), ids=CLOSED)
def test_the_command_that_is_named_opens_what_was_closed(sheet, closed):
    (sheet.folder / "data/notes").touch(mode=0o600)
    alert = {"what": "It fails.", "why": "", "do": "", "since": "2026-11-30T10:00:00+00:00"}
    (sheet.folder / "data/alerts/closed.json").write_text(json.dumps(alert))
    (sheet.folder / "data/alerts/closed.json").chmod(0o600)
    (sheet.folder / "data/alerts/torn.json").touch(mode=0o600)
    (sheet.folder / "data/alerts/folder.json/more").mkdir(mode=0o700, parents=True, exist_ok=True)
    (sheet.folder / "keys/open.txt").touch()
    (sheet.folder / "keys/open.txt").chmod(0o644)
    for name in closed:
        (sheet.folder / name).chmod(0)

    told = []
    for _ in range(2):  # what is behind a closed folder is named once it is open
        commands = [each for do in wrong(sheet).values() for each in NAMED.findall(do)]
        told += commands
        for command in commands:
            done = run(sheet, "/bin/sh", "-c", command)
            assert done.returncode == 0, done.stderr

    assert len(told) > len(closed)
    assert [do for do in wrong(sheet).values() if NAMED.search(do)] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_root_gives_the_folder_and_no_other_to_a_user_without_a_name(tmp_path, monkeypatch):
    folder, other = tmp_path / "my news", tmp_path / "my"
    folder.mkdir()
    other.mkdir()
    (folder / "key").touch()
    monkeypatch.setattr(users.os, "geteuid", lambda: 54321)

    (command,) = re.findall("`([^`]+)`", users.open_it(folder / "key", folder))
    subprocess.run(["sh", "-c", command], check=True, cwd=tmp_path)

    assert [each.stat().st_uid for each in (folder, folder / "key", other)] == [54321, 54321, 0]


def test_no_text_of_ours_names_a_command_with_a_path_as_it_is():
    sources = Path(tamizdat.__file__).parent.rglob("*.py")
    texts = {path: path.read_text() for path in sources if "tests" not in path.parts}

    assert {str(path) for path, text in texts.items() if UNQUOTED.search(text)} == set()
