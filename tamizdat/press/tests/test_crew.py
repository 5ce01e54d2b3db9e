"""Several processes print what one would have printed."""

import multiprocessing.pool
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tamizdat.press import crew
from tamizdat.press.printing import Printer, Proofs, VanishedError
from tamizdat.press.tree import lock
from tests.in_a_newsroom import ROOT, lay_out


def test_printed_side_by_side_it_is_the_same_edition(tmp_path, databases):
    lay_out(tmp_path, databases)

    run = subprocess.run(
        [sys.executable, "-m", "tests.side_by_side", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"TAMIZDAT_NEWSROOM": str(tmp_path), "TAMIZDAT_ROLE": "desk"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr[-3000:]


def test_what_is_done_apart_is_handed_back_however_much_it_is(db_apart):
    assert crew.alone(lambda: list(range(100_000))) == list(range(100_000))


def test_an_error_apart_is_the_publisher_s_and_says_where(db_apart):
    def vanish():
        raise VanishedError("article:12")

    with pytest.raises(VanishedError) as caught:
        crew.alone(vanish)

    assert caught.value.job == "article:12"
    assert "in vanish" in caught.value.__notes__[0]


def test_a_process_that_dies_apart_is_an_error(db_apart):
    with pytest.raises(ChildProcessError):
        crew.alone(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_who_prints_what_nobody_waits_for_lets_others_go_first(db_apart, monkeypatch):
    """As the kernel sees it, in a worker of a pool like the press's own."""
    begun = []
    pool = multiprocessing.pool.Pool.__init__

    def noted(self, processes, initializer, initargs, *rest, **said):
        begun.append(crew.alone(lambda: (initializer(*initargs), os.nice(0))[1]))
        pool(self, processes, initializer, initargs, *rest, **said)

    monkeypatch.setattr(multiprocessing.pool.Pool, "__init__", noted)
    monkeypatch.setattr(crew, "MANY", 0)
    monkeypatch.setattr(crew, "_portions", lambda _jobs: [])
    run = SimpleNamespace(reading=None)

    for behind in (False, True):
        crew.print_all(Printer(Proofs(), bytes), run, [], behind=behind)

    own = os.nice(0)
    assert begun == [own, own + 10]


def test_a_killed_publisher_s_plan_does_not_keep_its_lock(db_apart, tmp_path):
    """A plan that nobody hears ends, though it is far longer than a pipe holds."""
    at = tmp_path / "lock"
    publisher = os.fork()
    if not publisher:
        with lock(at, wait=True):
            crew.alone(lambda: (os.kill(os.getppid(), signal.SIGKILL), "x" * 10_000_000))
        os._exit(0)
    os.waitpid(publisher, 0)

    with lock(at, wait=False, patience=20) as ours:
        assert ours


@pytest.fixture
def db_apart(monkeypatch):
    """Nothing of the database is used: its connections stay as they are."""
    monkeypatch.setattr(crew.connections, "close_all", lambda: None)
