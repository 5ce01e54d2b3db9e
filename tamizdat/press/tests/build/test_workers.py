"""Several processes print what one would have printed."""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tamizdat.lib.failures import where
from tamizdat.lib.filelock import lock
from tamizdat.lib.processes.worker_pool import WorkerDiedError
from tamizdat.press.build import workers
from tamizdat.press.build.render import Renderer, RenderResults, VanishedError
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
    assert workers.in_subprocess(lambda: list(range(100_000))) == list(range(100_000))


def test_an_error_apart_is_the_publisher_s_and_says_where(db_apart):
    def vanish():
        raise VanishedError("article:12")

    with pytest.raises(VanishedError) as caught:
        workers.in_subprocess(vanish)

    assert caught.value.job == "article:12"
    assert "tests/build/test_workers.py" in where(caught.value)


def test_a_process_that_dies_apart_is_an_error(db_apart):
    with pytest.raises(WorkerDiedError, match="killed by signal 9"):
        workers.in_subprocess(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_who_prints_what_nobody_waits_for_lets_others_go_first(db_apart, monkeypatch):
    """As the kernel sees it, in the press's own workers."""
    monkeypatch.setattr(workers, "MANY", 0)
    monkeypatch.setattr(workers.os, "sched_getaffinity", lambda _pid: {0, 1})
    monkeypatch.setattr(workers, "_order", lambda _run, job: job)
    monkeypatch.setattr(workers, "can_fork", lambda: True)  # a resolver of another story may hang

    own = os.nice(0)
    assert (niceness(background=False), niceness(background=True)) == (own, own + 10)


def niceness(*, background):
    """Return the niceness at which a worker prints."""

    def printed(_printer, _run, jobs):
        if [*jobs]:
            raise VanishedError(str(os.nice(0)))

    printer = type("Nice", (Renderer,), {"print": printed})(RenderResults(), bytes)
    workers.Renderer, own = type(printer), workers.Renderer
    run = SimpleNamespace(repository=None, modified={}, placed={})
    try:
        workers.render_all(printer, run, ["article:1"], background=background)
    except VanishedError as error:
        return int(error.job)
    finally:
        workers.Renderer = own


def test_a_killed_publisher_s_plan_does_not_keep_its_lock(db_apart, tmp_path):
    """A plan that nobody hears ends, though it is far longer than a pipe holds."""
    at = tmp_path / "lock"
    publisher = os.fork()
    if not publisher:
        with lock(at, wait=True):
            workers.in_subprocess(lambda: (os.kill(os.getppid(), signal.SIGKILL), "x" * 10_000_000))
        os._exit(0)
    os.waitpid(publisher, 0)

    with lock(at, wait=False, patience=20) as ours:
        assert ours


@pytest.fixture
def db_apart(monkeypatch):
    """Nothing of the database is used: its connections stay as they are."""
    monkeypatch.setattr(workers.connections, "close_all", lambda: None)
