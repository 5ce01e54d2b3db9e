"""`tamizdat serve` as it runs: what is killed, what is stopped, what comes twice, what is lost."""

import os
import signal
import socket

import pytest

from tamizdat.site.tests.at_work import found, until
from tamizdat.site.tests.processes.test_work import WAITING
from tests.service_manager import ServiceManager


@pytest.fixture
def sheet(tmp_path, databases):
    made = found(tmp_path / "newsroom", databases)
    try:
        yield made
    finally:
        made.stop()
        made.leave_nobody()


def printing(sheet):
    """Return what prints behind the scenes, after it was stopped in the middle."""
    behind = until(lambda: sheet.running(" build"))
    for number in behind:
        os.kill(number, signal.SIGSTOP)
    return behind


def test_neither_a_killed_nor_a_stopped_serve_leaves_anything_behind(sheet):
    """Not even what hangs. The next one gets its ports."""
    sheet.databases.change("default", sheet.folder, WAITING)
    killed = sheet.serve()
    assert printing(sheet)
    killed.kill()
    killed.wait()
    until(lambda: not sheet.everybody())

    stopped = sheet.serve()
    assert "fell" not in sheet.said("serve")
    assert printing(sheet)
    stopped.terminate()

    assert stopped.wait(30) == 0
    assert sheet.everybody() == {}


def test_a_second_serve_is_refused_and_names_the_first(sheet):
    first = sheet.serve("edition", "counter")

    for words in (("serve",), ("serve", "--role", "counter")):
        second = sheet.tamizdat(*words)
        assert second.wait(60) == 1
    assert sheet.said("serve").count(f"of this newsroom already (process {first.pid})") == 2
    assert sheet.is_open("edition", "counter")
    beside = sheet.tamizdat("serve", "--role", "till")
    try:
        until(lambda: sheet.answers("till"))
    finally:
        beside.terminate()
        beside.wait()


def test_a_killed_role_comes_back_and_the_others_never_went(sheet):
    """Whether its server was killed, or the server's worker."""
    sheet.serve("edition", "till")
    edition = sheet.processes_of("edition")
    for victim in (0, -1):
        till = sheet.processes_of("till")

        os.kill(till[victim], signal.SIGKILL)

        until(lambda gone=till: not set(gone) & set(sheet.everybody()))
        until(lambda: sheet.answers("till"))
        assert sheet.processes_of("edition") == edition
        assert sheet.answers("edition")


def test_a_role_whose_port_is_taken_keeps_no_other_from_its_own(sheet):
    port = int(sheet.newsroom.addresses.till.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        roles = ("--role", "edition", "--role", "till", "--role", "counter")
        process = sheet.tamizdat("serve", *roles)
        sheet.processes["serve"] = process
        until(lambda: sheet.is_open("edition", "counter"))
        said = sheet.said("serve")
    until(lambda: sheet.answers("till"))

    assert f"The till cannot listen on port {port} of 127.0.0.1" in said
    assert process.poll() is None


def test_the_edition_is_served_though_the_database_is_lost(sheet):
    """What needs it waits until it is back, and begins without a hand."""
    lost = sheet.newsroom.data / "desk.sqlite3"
    if not lost.exists():
        pytest.skip("a file is lost here, and PostgreSQL has none of ours")
    kept = lost.rename(lost.with_suffix(".kept"))
    sheet.processes["serve"] = sheet.tamizdat("serve")

    until(lambda: sheet.answers("edition") and sheet.is_open("desk"))
    sign_in = f"{sheet.newsroom.addresses.desk}/account/login/"
    alert = until(lambda: sheet.standing().get("database-desk-lost"))
    assert sheet.listens()
    assert sheet.get(sign_in).status == 503
    kept.rename(lost)
    until(lambda: sheet.get(sign_in).status == 200 and sheet.listens())
    until(lambda: sheet.standing() == {})

    assert alert.what.startswith("The desk's database is empty")


def test_systemd_is_told_when_all_is_up_that_it_lives_and_that_it_stops(sheet):
    with ServiceManager(watchdog_s=1) as systemd:
        sheet.more |= systemd.variables
        serve = sheet.tamizdat("serve", "--role", "edition", "--role", "till")
        sheet.processes["serve"] = serve

        systemd.until("READY=1")
        were_open = sheet.is_open("edition", "till")
        systemd.until("STATUS=All is up.")
        for _ in range(5):
            systemd.until("WATCHDOG=1")
        theirs = [sheet.environment_of(number) for number in sheet.processes_of("till")]
        serve.terminate()
        systemd.until("STOPPING=1")

    assert were_open
    assert serve.wait(30) == 0
    assert len(theirs) == 2
    assert not [each for each in theirs if systemd.variables.keys() & each.keys()]
