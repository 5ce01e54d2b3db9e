"""The reader key opens for a while, in one process, and locks itself."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from tamizdat.letters.keyring import Keyring, answers, keyring
from tamizdat.lib import worker_socket
from tamizdat.lib.worker_socket.server import WorkerSocket
from tamizdat.readers import keys

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("room")
    (folder / "data").mkdir()
    keys.make(folder / "keys", "open sesame")
    return folder


@pytest.fixture
def room(newsroom, folder):
    yield replace(newsroom, folder=folder)
    keyring.lock()


def any_key(_secret):
    """Any key is taken for ours."""


def test_the_passphrase_goes_through_the_socket_and_unlocks_the_key(room):
    with WorkerSocket(room, answers(room, any_key)):
        answer = worker_socket.ask(room, "unlock", b"open sesame")

        assert answer.startswith("unlocked 20")
        assert keyring.lend(datetime.now(UTC)) == keys.unlock_reader(room.keys, "open sesame")


@pytest.mark.parametrize(
    "typed", [b"open sesame?", b"", b"\xff"], ids=["wrong", "empty", "no text"]
)
def test_anything_else_leaves_it_locked(room, typed):
    with WorkerSocket(room, answers(room, any_key)):
        assert worker_socket.ask(room, "unlock", typed) in ("wrong", "damaged")
        assert worker_socket.ask(room, "status") == "locked"


def test_it_can_be_locked_by_hand(room):
    with WorkerSocket(room, answers(room, any_key)):
        worker_socket.ask(room, "unlock", b"open sesame")

        assert worker_socket.ask(room, "lock") == "locked"
        assert keyring.lend(datetime.now(UTC)) is None


def test_it_locks_itself_and_wipes_the_secret():
    ring, secret = Keyring(timedelta(minutes=30)), bytearray(b"secret")
    until = ring.hold(secret, NOON)

    assert ring.lend(until - timedelta(seconds=1)) == b"secret"
    assert ring.lend(until) is None
    assert secret == bytes(6)


def test_unlocking_again_begins_anew():
    ring = Keyring(timedelta(minutes=30))
    ring.hold(bytearray(b"secret"), NOON)
    ring.hold(bytearray(b"secret"), NOON + timedelta(minutes=20))

    assert ring.lend(NOON + timedelta(minutes=40)) == b"secret"


def test_a_clock_that_is_put_back_keeps_it_open_no_longer():
    ring, secret = Keyring(timedelta(milliseconds=20)), bytearray(b"secret")
    ring.hold(secret, NOON)
    time.sleep(0.03)

    assert ring.until(NOON - timedelta(days=1)) is None
    assert ring.lend(NOON - timedelta(days=1)) is None
    assert secret == bytes(6)


@pytest.mark.parametrize(
    ("error", "said"), [(keys.ForeignKeyError, "foreign"), (OperationalError, "away")]
)
def test_what_is_not_known_to_be_ours_is_wiped_and_stays_locked(room, error, said):
    seen = []

    def refuse(secret):
        seen.append(secret)
        raise error

    with WorkerSocket(room, answers(room, refuse)):
        assert worker_socket.ask(room, "unlock", b"open sesame") == said
        assert worker_socket.ask(room, "status") == "locked"
    assert seen == [bytes(96)]


def test_who_is_told_that_it_is_locked_is_told_so_after_it_was_wiped():
    """While the worker waits for a slow relay nobody borrows it."""
    ring, secret = Keyring(timedelta(minutes=30)), bytearray(b"secret")
    until = ring.hold(secret, NOON)

    assert ring.until(until) is None
    assert secret == bytes(6)


WORKER = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from tamizdat.letters.keyring import answers
from tamizdat.lib.worker_socket.server import WorkerSocket
folder = Path(sys.argv[1])
newsroom = SimpleNamespace(data=folder / "data", keys=folder / "keys")
with WorkerSocket(newsroom, answers(newsroom, lambda _secret: None)):
    print("listening", flush=True)
    time.sleep(60)
"""


def test_once_locked_no_memory_of_the_worker_holds_the_passphrase(newsroom, tmp_path):
    passphrase = b"seven quiet otters"  # "open sesame" stands in Python's own base64
    room = replace(newsroom, folder=tmp_path)
    (tmp_path / "data").mkdir()
    keys.make(room.keys, passphrase.decode())
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, tmp_path], stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout.readline() == "listening\n"
        assert worker_socket.ask(room, "unlock", passphrase).startswith("unlocked")
        worker_socket.ask(room, "lock")
        memory = memory_of(worker.pid)
    finally:
        worker.kill()
        worker.communicate()

    assert b"NobodyListensError" in memory
    assert memory.count(passphrase) == 0


def memory_of(pid):
    """Return what whoever takes a running machine reads of a process."""
    held = []
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            start, end = (int(each, 16) for each in place.split("-"))
            if rights.startswith("rw") and "[v" not in line:
                memory.seek(start)
                held.append(memory.read(end - start))
    return b"".join(held)
