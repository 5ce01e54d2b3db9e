"""The work process hears at once, and only from its own."""

import queue
import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from tamizdat.lib import worker_socket
from tamizdat.lib.worker_socket.protocol import NAME
from tamizdat.lib.worker_socket.server import WorkerSocket


@pytest.fixture
def room(newsroom, tmp_path):
    deep = tmp_path / ("a-long-name-" * 12)
    (deep / "data").mkdir(parents=True)
    return replace(newsroom, folder=deep)


@pytest.fixture
def heard(room):
    """What the work process is woken by; it answers two words, and fails at one of them."""
    words = queue.SimpleQueue()
    with WorkerSocket(room, {"unlock": secrets_length, "status": fails}, words.put) as listening:
        yield listening, words


def secrets_length(secret):
    return f"heard {len(secret)}"


def fails(_secret):
    raise KeyError("anna@example.org")


def test_a_wake_up_is_heard_and_its_answer_not_waited_for(room, heard):
    assert worker_socket.wake(room, "collect")
    assert worker_socket.wake(room, "letters")

    assert [heard[1].get(timeout=30) for _ in range(2)] == ["collect", "letters"]


def test_a_question_is_answered_by_whoever_answers_its_word(room, heard):
    assert worker_socket.ask(room, "unlock", b"open\nsesame") == "heard 11"
    assert worker_socket.ask(room, "collect", b"open\nsesame") == ""


def test_an_answer_that_fails_ends_no_listening_and_is_logged_without_its_words(
    room, heard, caplog
):
    assert worker_socket.ask(room, "status") == ""
    assert worker_socket.ask(room, "unlock", b"sesame") == "heard 6"

    assert "builtins.KeyError at " in caplog.text
    assert "anna" not in caplog.text


def test_a_wake_up_that_fails_ends_no_listening(room):
    """A counter that nobody hears makes each reader wait for its forms."""
    with WorkerSocket(room, {"unlock": secrets_length}, fails):
        assert worker_socket.wake(room, "collect")

        assert worker_socket.ask(room, "unlock") == "heard 0"


def test_who_calls_and_says_nothing_keeps_others_waiting_for_a_moment_only(room, heard):
    with worker_socket._line(room) as silent:
        silent.sendall(b"unlo")

        assert worker_socket.ask(room, "unlock") == "heard 0"


FULL = """
import os, resource, sys
from pathlib import Path
from types import SimpleNamespace
from tamizdat.lib.worker_socket.server import WorkerSocket
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
files = []
with WorkerSocket(SimpleNamespace(data=Path(sys.argv[1])), {"status": lambda _secret: "here"}):
    try:
        while True:
            files.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        print("full", flush=True)
    sys.stdin.readline()
    for file in files:
        os.close(file)
    print("empty", flush=True)
    sys.stdin.readline()
"""


def test_a_process_without_a_free_file_listens_on_once_it_has_one(room):
    worker = subprocess.Popen(
        [sys.executable, "-c", FULL, room.data], text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert worker.stdout.readline() == "full\n"
    assert worker_socket.wake(room, "collect")
    worker.stdin.write("\n")
    assert worker.stdout.readline() == "empty\n"
    answer = worker_socket.ask(room, "status")
    _, said = worker.communicate("\n", timeout=30)

    assert answer == "here"
    # The system keeps a number for the next caller while we wait for one: it may be heard.
    assert said == "" or "could not be heard: builtins.OSError" in said


def test_waking_nobody_is_no_error_but_asking_is(room):
    assert not worker_socket.wake(room, "publish")
    with pytest.raises(worker_socket.NobodyListensError):
        worker_socket.ask(room, "unlock")


def test_the_socket_is_for_its_owner_only_and_goes_with_the_process(room, heard):
    assert stat.S_IMODE((room.data / NAME).stat().st_mode) == 0o600

    heard[0].__exit__()

    assert not (room.data / NAME).exists()


def test_a_socket_left_by_a_killed_process_is_taken_over(room):
    (room.data / NAME).write_text("left over")

    with WorkerSocket(room, {"status": lambda _secret: "new"}):
        assert worker_socket.ask(room, "status") == "new"


def test_an_empty_call_does_not_stop_the_listening(room, heard):
    worker_socket.ask(room, "")

    assert worker_socket.ask(room, "unlock") == "heard 0"
