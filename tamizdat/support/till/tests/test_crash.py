"""kill -9 in the middle of charging: the books agree with the service, and nobody pays twice."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys

import pytest


@pytest.fixture
def folder(tmp_path, newsroom, databases):
    shutil.copy(newsroom.folder / "tamizdat.toml", tmp_path)
    for name in ("data", "media", "edition", "keys", "theme"):
        (tmp_path / name).mkdir()
    databases.of_its_own(tmp_path)
    return tmp_path


def start(folder, verb):
    environment = {
        **os.environ,
        "TAMIZDAT_NEWSROOM": str(folder),
        "TAMIZDAT_ROLE": "till",
        "DJANGO_SETTINGS_MODULE": "tamizdat.site.settings",
    }
    command = [sys.executable, "-m", "tamizdat.support.till.tests.crash", verb]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def run(folder, verb):
    process = start(folder, verb)
    out, _ = process.communicate(timeout=60)
    return subprocess.CompletedProcess(verb, process.returncode, out)


def settle(folder):
    done = run(folder, "settle")
    done.check_returncode()
    return json.loads(done.stdout)


def test_killed_before_the_service_heard_of_it(folder):
    assert run(folder, "before").returncode == -signal.SIGKILL

    books = settle(folder)

    assert books["here"] == books["there"] == []
    assert books["states"] == ["expired"]


def test_killed_after_the_service_charged_and_before_we_heard(folder):
    assert run(folder, "after").returncode == -signal.SIGKILL

    books = settle(folder)

    assert len(books["there"]) == 1
    assert books["here"] == books["there"]
    assert settle(folder) == books


def test_killed_anywhere(folder):
    """Three times here; `make soak` does it many times more."""
    kill_anywhere(folder, rounds=3)


def kill_anywhere(folder, rounds):
    for _ in range(rounds):
        process = start(folder, "forever")
        process.stdout.read(random.randint(1, 12))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)

    books = settle(folder)

    assert len(books["there"]) >= rounds // 2
    assert books["here"] == books["there"]
    assert (books["open"], books["unknown_here"], books["most_charges"]) == (0, 0, 1)
