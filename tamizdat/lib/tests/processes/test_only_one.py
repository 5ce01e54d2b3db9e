"""One process of a kind in a newsroom."""

import os
import subprocess
import sys

import pytest

from tamizdat.lib.processes.only_one import RunsAlreadyError, only_one

HOLDS = """
import sys
from pathlib import Path
from tamizdat.lib.processes.only_one import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def first(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, tmp_path / "data/work.lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_second_is_refused_and_told_who_is_first(first, tmp_path):
    with pytest.raises(RunsAlreadyError) as refused, only_one(tmp_path / "data/work.lock"):
        pass

    assert refused.value.pid == first.pid


def test_a_killed_one_holds_nothing(first, tmp_path):
    first.kill()
    first.wait()

    with only_one(tmp_path / "data/work.lock"):
        assert (tmp_path / "data/work.lock").read_text() == f"{os.getpid()}\n"


def test_a_file_that_lies_there_means_nothing(tmp_path):
    (tmp_path / "work.lock").write_text("4711 and more")

    first, second = only_one(tmp_path / "work.lock"), only_one(tmp_path / "work.lock")
    with first, pytest.raises(RunsAlreadyError) as refused, second:
        pass

    assert refused.value.pid == os.getpid()


def test_what_it_starts_does_not_hold_it(tmp_path):
    with only_one(tmp_path / "work.lock"):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    with only_one(tmp_path / "work.lock"):
        child.communicate(b"\n")
