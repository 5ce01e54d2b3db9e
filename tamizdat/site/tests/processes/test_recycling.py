"""Which servers begin anew each hour, and when they do not."""

import itertools
import os
import signal
import subprocess
import sys

import pytest

from tamizdat.site.entry import listening
from tamizdat.site.processes import recycling, serving
from tamizdat.site.processes.recycling import EVERY_S, Recycler

SERVER = """
import signal, time
signal.signal(signal.SIGHUP, lambda *_: print("told", flush=True))
print("listens", flush=True)
time.sleep(60)
"""


@pytest.fixture
def server():
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"listens\n"
        yield process
        process.kill()


@pytest.fixture
def recycler(monkeypatch):
    """Return a recycler whose check is a program of ours."""

    def made(check):
        monkeypatch.setattr(recycling, "CHECK", (sys.executable, "-c", check))
        return Recycler("counter", os.environ)

    return made


def wait_for_check(recycler, server, at):
    recycler.look(server, at)
    assert recycler.check is not None
    recycler.check.wait(30)
    recycler.look(server, at)
    assert recycler.check is None


def test_a_server_begins_a_new_process_about_each_hour(recycler, server):
    one, at = recycler("pass"), 0.0
    one.look(server, at)
    for _ in range(2):
        one.look(server, at + EVERY_S * 0.89)
        assert one.check is None
        at += EVERY_S * 1.11
        wait_for_check(one, server, at)
        assert server.stdout.readline() == b"told\n"


def test_a_server_that_could_not_be_started_anew_goes_on(recycler, server, capfd):
    one = recycler("raise SystemExit('no newsroom.name on line 3')")
    one.look(server, 0)

    wait_for_check(one, server, 2 * EVERY_S)

    said = capfd.readouterr().err
    assert "line 3" in said
    assert "counter goes on as it is" in said
    server.terminate()
    assert server.stdout.read() == b""


def test_a_check_that_hangs_is_ended_and_the_next_one_comes(recycler, server, capfd):
    one, at = recycler("import time; time.sleep(60)"), 2 * EVERY_S
    one.look(server, 0)
    one.look(server, at)
    hanging = one.check
    one.look(server, at + 119)
    assert one.check is hanging
    one.look(server, at + 121)

    assert (one.check, hanging.poll()) == (None, -signal.SIGKILL)
    assert "the check of its program did not end within 120 seconds" in capfd.readouterr().err
    one.look(server, at + 2 * EVERY_S)
    assert one.check is not None
    one.end()


def test_a_server_that_was_started_a_moment_ago_is_left_alone(recycler, server):
    one = recycler("pass")
    one.look(server, 0)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as fresh:
        one.look(fresh, 5 * EVERY_S)
        one.look(fresh, 5 * EVERY_S + 60)

        assert one.check is None
        fresh.kill()


def test_till_edition_and_worker_keep_their_process(newsroom):
    kept = serving.processes(newsroom, host="127.0.0.1", port=8000)

    assert {post.name for post in kept} - set(recycling.RECYCLED) == {
        "edition",
        "till",
        "work",
        "upkeep",
    }


def test_an_old_process_is_bounded_when_it_should_end():
    """Some of granian's hang then. Without a bound it would also wait for whoever reads slowly."""
    command = listening.command("127.0.0.1", 8000)
    said = dict(itertools.pairwise(command))

    assert said["--workers-kill-timeout"] == "300"
    assert said["--respawn-interval"] == "30"
