"""Processes that fall, hang, and fall again and again. The clock is told, not waited for."""

import os
import signal
import socket
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tamizdat.lib import alerts, clock
from tamizdat.lib.newsroom import NewsroomError
from tamizdat.lib.processes import stopping
from tamizdat.site.processes import probe, serving, supervisor
from tamizdat.site.processes.serving import Process
from tamizdat.site.processes.supervisor import Kept, Supervisor
from tamizdat.site.tests.at_work import until
from tests.free_ports import free_port
from tests.service_manager import ServiceManager

FALLS = (sys.executable, "-c", "raise SystemExit(3)")
LIVES = (sys.executable, "-c", "import time; time.sleep(600)")
SERVES = """
import socket, sys, subprocess, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
while True:
    line, _ = listener.accept()
    with line:
        line.recv(4096)
        line.sendall(b"HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\n\\r\\n")
"""


@pytest.fixture
def sheet(newsroom, tmp_path):
    """A newsroom whose alerts are its own."""
    (tmp_path / "data").mkdir()
    return replace(newsroom, folder=tmp_path)


@pytest.fixture
def keep(sheet):
    """Keep a process, and end it with the story."""
    made = []

    def keep(command, name="till", **more):
        fails = f"The {name} does not stay up."
        made.append(Kept(Process(name, command, os.environ, fails=fails, **more), sheet))
        return made[-1]

    yield keep
    for kept in made:
        kept.terminate()
        kept.end(within_s=0)


@pytest.fixture
def serve(keep):
    def serve(name="till"):
        port = free_port()
        command = (sys.executable, "-c", SERVES, str(port))
        return keep(command, name, host="127.0.0.1", port=port)

    return serve


@pytest.fixture
def impatient(monkeypatch):
    """Asks often, and waits for an answer only as long as one takes here."""
    monkeypatch.setattr(probe, "EVERY_S", 0.05)
    monkeypatch.setattr(probe, "PATIENCE_S", 2.0)


def standing(newsroom):
    return {alert.key: alert for alert in alerts.standing(newsroom.data)}


def fall(kept, now):
    """Let it begin and end once; return how long the pause is."""
    kept.look(now, clock.now())
    kept._running.wait()
    kept.look(now, clock.now())
    return kept._begin_at - now


def test_who_falls_again_and_again_is_begun_again_for_ever_and_told(keep, sheet, capsys):
    kept, now, pauses = keep(FALLS), 1000.0, []
    for number in range(9):
        pauses.append(fall(kept, now))
        assert bool(standing(sheet)) is (number >= 2)
        kept.look(now + pauses[-1] - 0.1, clock.now())
        assert kept._running is None  # not before the pause is over
        now += pauses[-1]

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    told = standing(sheet)["process-till"]
    assert told.what == "The till does not stay up."
    assert told.why == "It ended with exit code 3."
    assert "everything else that runs goes on" in told.do
    assert "till stopped. It ended with exit code 3. Restarting in 60 s." in capsys.readouterr().err


def test_where_a_newsroom_keeps_nothing_a_fall_is_only_logged(keep, sheet, caplog):
    """A counter on its own has no folder for data, and is given none."""
    (sheet.folder / "data").rmdir()
    kept = keep(FALLS, told_after=1)

    fall(kept, 10.0)

    assert "The till does not stay up. It ended with exit code 3." in caplog.text
    assert list(sheet.folder.iterdir()) == []


def test_falls_of_another_day_are_forgotten(keep, sheet):
    """Three crashes in a year are no reason to give up, nor to wait."""
    kept = keep(FALLS)

    assert [fall(kept, hour * 3600.0) for hour in range(1, 6)] == [1] * 5
    assert standing(sheet) == {}


def fallen(serve, sheet, *runs_s):
    """Keep one that fell after so long, each time; return it, and when it began to answer."""
    kept, now = serve(), 1000.0
    serves, kept.process = kept.process, replace(kept.process, command=FALLS, port=0)
    for ran in runs_s:
        kept.look(now, clock.now())
        kept._running.wait()
        kept.look(now + ran, clock.now())
        now = kept._begin_at
    kept.process = serves
    assert set(standing(sheet)) == {"process-till"}
    kept.look(now, clock.now())
    until(lambda: kept.answers)
    return kept, now


@pytest.mark.parametrize(
    ("runs_s", "well_after_s"),
    [
        pytest.param((1, 1, 1), 20, id="it fell at once"),
        pytest.param((1, 60, 1), 120, id="it fell each minute"),
        pytest.param((1, 900, 1), 300, id="it fell now and then"),
        pytest.param((900, 1, 1), 20, id="it had run long before it fell"),
    ],
)
def test_who_stays_up_is_well_again_soon_but_not_before_it_could_fall_again(
    serve, sheet, runs_s, well_after_s
):
    """Else the alert would come and go, and a letter with it."""
    kept, since = fallen(serve, sheet, *runs_s)

    kept.look(since + well_after_s - 1, clock.now())
    assert set(standing(sheet)) == {"process-till"}
    kept.look(since + well_after_s, clock.now())
    assert standing(sheet) == {}


SAYS = """
from tamizdat.lib.processes import last_words
last_words.say("The lock cannot be opened.")
raise SystemExit(1)
"""
REFUSED = (sys.executable, "-m", "tamizdat.site", "--newsroom", "/nowhere", "work")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        pytest.param((sys.executable, "-c", SAYS), "The lock cannot be opened.", id="a sentence"),
        pytest.param(REFUSED, "/nowhere is not a newsroom", id="a command that is refused"),
        pytest.param(FALLS, "It ended with exit code 3.", id="nothing"),
    ],
)
def test_what_it_said_itself_is_the_reason_of_a_fall(keep, sheet, command, why):
    kept = keep(command, told_after=1)

    fall(kept, 10.0)

    assert why in standing(sheet)["process-till"].why
    assert "Error:" not in standing(sheet)["process-till"].why


def test_who_ends_in_order_leaves_no_alert_that_it_is_tried_again(keep, sheet):
    kept = keep(FALLS, told_after=1)
    fall(kept, 10.0)
    made = Supervisor([], sheet, lambda: None)
    made._all = [kept]

    made._end()

    assert standing(sheet) == {}


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ((sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"), "signal 9 (Killed)"),
        (("/no/such/program",), "exit code 1"),
    ],
    ids=["killed", "not there"],
)
def test_the_reason_of_a_fall_is_said(keep, sheet, command, why):
    kept = keep(command, told_after=1)

    fall(kept, 10.0)

    assert why in standing(sheet)["process-till"].why


def test_who_cannot_even_be_begun_has_fallen(keep, sheet, monkeypatch):
    """No memory, no process more: the next try may go well."""
    kept = keep(LIVES, told_after=1)

    def full(*_about, **_more):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as crowded:
        crowded.setattr(supervisor.subprocess, "Popen", full)
        kept.look(10.0, clock.now())
    told = standing(sheet)["process-till"].why
    kept.look(11.0, clock.now())

    assert told.startswith("builtins.BlockingIOError at ")
    assert kept._running.poll() is None


def test_a_program_that_this_user_may_not_run_is_named(keep, sheet, monkeypatch, tmp_path):
    python = tmp_path / "python"
    python.touch(mode=0o600)
    monkeypatch.setattr(supervisor, "tied", lambda _command: [str(python)])

    keep(LIVES, told_after=1).look(10.0, clock.now())

    assert standing(sheet)["process-till"].why.startswith(f"{python}: Permission denied. ")


def test_a_port_that_somebody_took_is_a_fall_with_its_reason(serve, sheet):
    kept = serve()
    kept.process = replace(kept.process, told_after=1)
    with socket.create_server(("127.0.0.1", kept.process.port)):
        kept.look(10.0, clock.now())
        told = standing(sheet)["process-till"].why
    kept.look(11.0, clock.now())

    assert f"The till cannot listen on port {kept.process.port} of 127.0.0.1" in told
    assert kept._running.poll() is None


def test_who_hangs_is_ended_with_all_it_began_and_begun_again(serve, sheet, impatient):
    kept = serve()
    kept.look(time.monotonic(), clock.now())
    until(lambda: kept.answers)
    first = kept._running.pid
    (child,) = children(first)

    os.kill(first, signal.SIGSTOP)
    until(lambda: not kept.answers)
    now = time.monotonic()
    kept.look(now + probe.HANGS_S - 5, clock.now())
    assert kept._running.pid == first  # it may be busy
    kept.look(now + probe.HANGS_S, clock.now())
    kept.look(now + probe.HANGS_S + 1, clock.now())

    assert kept._running.pid != first
    assert not Path(f"/proc/{first}").exists()
    until(lambda: not is_alive(child))
    until(lambda: kept.answers)


def test_who_never_answers_is_begun_again(keep):
    kept = keep(LIVES, host="127.0.0.1", port=free_port())
    kept.look(time.monotonic(), clock.now())
    first = kept._running.pid

    kept.look(time.monotonic() + probe.BEGINS_S, clock.now())
    kept.look(time.monotonic() + probe.BEGINS_S + 1, clock.now())

    assert kept._running.pid != first


def test_what_runs_once_is_done_once_and_told_if_it_takes_long(keep, sheet):
    kept = keep(LIVES, "upkeep", once=True, told_after=1)
    kept.look(10.0, clock.now())
    kept.look(10.0 + supervisor.LONG_S, clock.now())
    assert "more than ten minutes" in standing(sheet)["process-upkeep"].why
    os.kill(kept._running.pid, signal.SIGKILL)
    kept._running.wait()
    kept.look(700.0, clock.now())
    kept.process = replace(kept.process, command=(sys.executable, "-c", ""))
    kept.look(800.0, clock.now())
    kept._running.wait()
    kept.look(800.0, clock.now())

    assert kept.is_done
    assert standing(sheet) == {}


@pytest.fixture
def supervise(sheet, monkeypatch):
    """Run a supervisor beside the story, until its end."""
    told, running = threading.Event(), []
    monkeypatch.setattr(stopping, "_told", told)

    def supervise(*processes, ready=lambda: None):
        made = Supervisor(processes, sheet, ready)
        running.append(threading.Thread(target=made.run))
        running[0].start()
        return made

    yield supervise
    told.set()
    running[0].join()


def a_process(name, command, **more):
    return Process(name, command, os.environ, fails=f"The {name} does not stay up.", **more)


def test_the_fall_of_one_stops_no_other(supervise, sheet):
    made = supervise(a_process("till", FALLS), a_process("edition", LIVES))
    till, edition = made._all
    until(lambda: edition._running)
    first = edition._running.pid

    until(lambda: len(till._falls) == 3)

    assert edition._running.pid == first
    assert edition._running.poll() is None
    assert set(standing(sheet)) == {"process-till"}


@pytest.fixture
def systemd(monkeypatch):
    with ServiceManager(watchdog_s=8) as listening:
        for name, value in listening.variables.items():
            monkeypatch.setenv(name, value)
        yield listening


def test_who_falls_for_ever_does_not_keep_the_others_from_being_ready(serve, sheet, systemd):
    """Else systemd would stop all of them, again and again."""
    up, down = serve("edition"), serve("till")
    said = []
    made = Supervisor([], sheet, lambda: said.append("ready"))
    made._all = made._servers = [up, down]
    up.look(time.monotonic(), clock.now())
    until(lambda: up.answers)

    made._tell(made._begun + supervisor.READY_WITHIN_S - 1)
    assert (said, systemd.rest()) == ([], ["WATCHDOG=1"])
    made._tell(made._begun + supervisor.READY_WITHIN_S)
    made._tell(made._begun + supervisor.READY_WITHIN_S + 2)

    assert said == ["ready"]
    assert systemd.rest() == ["READY=1", "STATUS=Not up: till.", "WATCHDOG=1"]


def test_where_nothing_answers_any_more_systemd_may_try(serve, sheet, systemd, impatient):
    only = serve("edition")
    made = Supervisor([], sheet, lambda: None)
    made._all = made._servers = [only]
    only.look(time.monotonic(), clock.now())
    until(lambda: only.answers)
    made._tell(made._begun)
    os.kill(only._running.pid, signal.SIGSTOP)
    until(lambda: not only.answers)
    made._tell(made._begun + 4)

    assert systemd.rest().count("WATCHDOG=1") == 1


def test_ports_that_are_all_taken_are_refused_at_once(newsroom, monkeypatch):
    """Then somebody else serves: another newsroom, or another program."""
    monkeypatch.setattr(supervisor, "PORT_WITHIN_S", 0.0)
    with socket.socket() as listener:  # as granian's, which would share its port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        kept = serving.processes(newsroom, ["edition"], host="127.0.0.1", port=port)

        with pytest.raises(NewsroomError, match=f"port {port} .*Stop what listens there"):
            supervisor.watch(kept, newsroom)


def children(pid):
    found = until(lambda: Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return [int(each) for each in found]


def is_alive(pid):
    """Whether it still runs: who is dead and not yet fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
