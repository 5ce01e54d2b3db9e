"""The unit that `tamizdat unit` prints: systemd reads it as it is meant, and it serves."""

import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.site import unit as units
from tamizdat.site.processes.serving import ROLES
from tamizdat.site.tests.at_work import found
from tamizdat.site.unit import unit
from tests.service_manager import ServiceManager

ODD = "sheet \"of\" 100% 'odd' $HOME %n; names\\n"


@pytest.fixture
def analyze(not_run_here, tmp_path):
    """Have systemd's own tool judge a unit; returns what it says, "" if it is content."""
    if not shutil.which("systemd-analyze"):
        not_run_here("systemd-analyze is missing: apt-get install systemd")

    def analyze(verb, text, *options):
        path = tmp_path / "tamizdat.service"
        path.write_text(text)
        command = ["systemd-analyze", verb, *options, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 and not done.stderr else done.stdout + done.stderr

    return analyze


def printed(newsroom, *roles, host="127.0.0.1", port=8000):
    return unit(newsroom, roles, host=host, port=port)


def of(text, name):
    """Return the values of a setting, as they stand there."""
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}=")]


def command(text):
    (line,) = of(text, "ExecStart")
    return [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]


@pytest.mark.parametrize("name", ["sheet", ODD], ids=["plain", "odd"])
def test_systemd_reads_it_without_a_word(newsroom, tmp_path, analyze, name):
    folder = tmp_path / name
    folder.mkdir()

    assert analyze("verify", printed(replace(newsroom, folder=folder))) == ""


def test_systemd_calls_it_well_protected(newsroom, analyze):
    assert analyze("security", printed(newsroom), "--offline=yes", "--threshold=25") == ""


@pytest.mark.parametrize("name", ["sheet", ODD], ids=["plain", "odd"])
def test_its_command_names_the_newsroom_and_what_is_served(newsroom, tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()

    words = command(printed(replace(newsroom, folder=folder), "counter", "till"))

    assert words[1:] == [
        *("-m", "tamizdat.site", "--newsroom", str(folder), "serve"),
        *("--host", "127.0.0.1", "--port", "8000", "--role", "counter", "--role", "till"),
    ]


def test_it_holds_no_secret_and_no_line_of_a_stranger(newsroom, monkeypatch):
    for name in ("DATABASE_URL", "TAMIZDAT_MAIL_PASSWORD", "TAMIZDAT_TILL_STRIPE_KEY"):
        monkeypatch.setenv(name, "planted")
    strange = replace(newsroom, name="Sheet\nExecStartPre=/bin/planted %h")

    text = printed(strange)

    assert [line for line in text.splitlines() if "planted" in line and "%%h" not in line] == []
    assert of(text, "ExecStartPre") == []
    assert of(text, "EnvironmentFile") == [f"-/etc/tamizdat/{newsroom.folder.name}.env"]


def test_a_folder_that_no_unit_can_name_is_refused(newsroom, tmp_path):
    (tmp_path / "two\nlines").mkdir()

    with pytest.raises(NewsroomError, match="give the folder a plain name"):
        printed(replace(newsroom, folder=tmp_path / "two\nlines"))


def test_homes_are_hidden_unless_something_of_ours_lies_in_one(newsroom, tmp_path, monkeypatch):
    monkeypatch.setattr(units, "HOMES", (Path("/nobody/lives/here"),))
    assert of(printed(newsroom), "ProtectHome") == ["yes"]

    monkeypatch.setattr(units, "HOMES", (newsroom.folder.parent,))
    assert of(printed(newsroom), "ProtectHome") == ["read-only"]


def test_the_only_right_is_to_a_low_port_and_only_for_one(newsroom):
    assert of(printed(newsroom), "CapabilityBoundingSet") == [""]
    assert of(printed(newsroom, port=80), "CapabilityBoundingSet") == ["CAP_NET_BIND_SERVICE"]


def test_as_it_is_printed_it_serves_and_says_so(tmp_path, databases):
    sheet = found(tmp_path / "newsroom", databases)
    words = command(unit(sheet.newsroom, ["edition", "till"], host="127.0.0.1", port=None))
    with ServiceManager() as systemd:
        environment = sheet.environment("desk") | systemd.variables
        serve = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
        try:
            said = systemd.until("READY=1")
            assert sheet.is_open("edition", "till")
        finally:
            serve.terminate()
            serve.wait(30)

    assert said[-1] == "READY=1"
    assert not sheet.everybody()


def test_all_roles_are_named_where_all_are_served(newsroom):
    assert of(printed(newsroom), "Description") == [f"Tamizdat, {', '.join(ROLES)}: The Test Sheet"]
