"""Workers share work, and none outlives it, however it ends."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tamizdat.lib.failures import where
from tamizdat.lib.processes.worker_pool import WorkerDiedError, in_order, shared_out

ITEMS = range(50)


def test_every_item_is_done_once():
    with shared_out(lambda item: item * item, ITEMS, 3) as results:
        assert sorted(results) == [(at, at * at) for at in ITEMS]


def test_results_can_be_had_in_order():
    with shared_out(str, ITEMS, 3, life=2) as results:
        assert list(in_order(results)) == [str(item) for item in ITEMS]


def test_a_worker_goes_after_its_life():
    with shared_out(lambda _: os.getpid(), ITEMS, 2, life=5) as results:
        workers = [pid for _, pid in results]

    assert max(map(workers.count, workers)) == 5
    assert len(set(workers)) >= 10


def test_nothing_to_do_is_done_at_once():
    with shared_out(str, [], 3) as results:
        assert list(results) == []


@pytest.mark.parametrize("killed", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_is_killed_ends_the_work_and_all_others(killed, tmp_path):
    with (
        pytest.raises(WorkerDiedError, match=f"killed by signal {killed.value};"),
        shared_out(partial(dying_at, 20, killed, tmp_path), ITEMS, 3) as results,
    ):
        list(results)

    assert len(list(tmp_path.iterdir())) == 3
    assert living(tmp_path) == []


def test_an_error_ends_the_work_and_says_where(tmp_path):
    with (
        pytest.raises(LookupError) as caught,
        shared_out(partial(failing_at, 7, tmp_path), ITEMS, 3) as results,
    ):
        list(results)

    assert "lib/tests/processes/test_worker_pool.py" in where(caught.value)
    assert living(tmp_path) == []


def test_who_stops_listening_ends_all_workers(tmp_path):
    with shared_out(partial(failing_at, -1, tmp_path), ITEMS, 3) as results:
        next(results)

    assert living(tmp_path) == []


def test_an_error_that_cannot_be_handed_over_is_an_error_still():
    class OddError(Exception):
        def __init__(self, one, two):
            super().__init__(f"{one}{two}")

    def fail(_item):
        raise OddError(1, 2)

    with (
        pytest.raises(RuntimeError, match=r"test_worker_pool\.py"),
        shared_out(fail, ITEMS, 2) as results,
    ):
        list(results)


def test_what_cannot_be_handed_over_is_an_error():
    with (
        pytest.raises(RuntimeError, match="could not hand over"),
        shared_out(lambda _: lambda: None, ITEMS, 2) as results,
    ):
        list(results)


def test_workers_of_one_that_was_killed_end(tmp_path):
    """They hold what it had open, a lock perhaps: here the end of a pipe."""
    code = (
        "import os, sys, time; from pathlib import Path\n"
        "from tamizdat.lib.tests.processes.test_worker_pool import die_with_workers\n"
        "die_with_workers(Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path.cwd()
    )

    process.communicate()  # until nobody holds the other end

    assert process.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 3


def die_with_workers(folder):
    """Be killed by one's own worker, when all three are at work."""

    def kill_the_parent(_item):
        (folder / str(os.getpid())).touch()
        while len(list(folder.iterdir())) < 3:
            pass
        os.kill(os.getppid(), signal.SIGKILL)

    with shared_out(kill_the_parent, range(3), 3) as results:
        list(results)


def dying_at(fatal, by, folder, item):
    (folder / str(os.getpid())).touch()
    if item == fatal:
        os.kill(os.getpid(), by)
    return item


def failing_at(fatal, folder, item):
    (folder / str(os.getpid())).touch()
    if item == fatal:
        raise LookupError(item)
    return item


def living(folder):
    """Return the workers that signed in a folder and live."""
    return [file.name for file in folder.iterdir() if Path(f"/proc/{file.name}").exists()]
