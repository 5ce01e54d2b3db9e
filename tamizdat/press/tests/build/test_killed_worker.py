"""A worker that is killed ends the build: with a message, and with nothing held or half done."""

import os
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from tamizdat.lib.processes.worker_pool import WorkerDiedError
from tamizdat.press.actions import hold, publish
from tamizdat.press.build import workers
from tamizdat.press.build.render import Renderer
from tamizdat.press.models import Change
from tamizdat.press.output.tree import Tree
from tamizdat.press.output.verify import faults
from tamizdat.press.related import bulk_job, service
from tests.in_a_newsroom import lay_out, tell
from tests.newsdesk import NewsDesk

ARTICLES = 12


def test_a_killed_printer_ends_the_build_and_the_next_one_does_all(tmp_path, databases):
    tell(lay_out(tmp_path, databases), a_printer_is_killed)


def test_a_killed_reader_of_the_archive_ends_the_build_and_the_next_one_does_all(
    tmp_path, databases
):
    tell(lay_out(tmp_path, databases), a_reader_of_the_archive_is_killed)


def a_printer_is_killed(newsroom):
    desk = laid_out(newsroom)
    before = read(newsroom)
    with killed_in(Renderer, "print", after=2):
        publish_in_vain(desk)

    assert read(newsroom) == before
    publish_again(newsroom)


def a_reader_of_the_archive_is_killed(newsroom):
    desk = laid_out(newsroom)
    before = read(newsroom)
    service.FEW, bulk_job.MANY, bulk_job.PORTION = 1, 1, 2
    (newsroom.data / "kin-left").mkdir()  # by a program of before, killed likewise
    with killed_in(bulk_job, "_count_portion", after=2):
        publish_in_vain(desk)

    assert read(newsroom) == before
    publish_again(newsroom)
    assert [*newsroom.data.glob("related-*"), *newsroom.data.glob("kin-*")] == []


def laid_out(newsroom):
    """Publish an edition, and treat the next dozen articles as a large archive."""
    desk = NewsDesk(newsroom)
    desk.article("The first")
    publish()
    workers.MANY, workers.PORTION, workers.LIFE = 1, 2, 2
    workers.os.sched_getaffinity = lambda _pid: {0, 1, 2}
    return desk


def publish_in_vain(desk):
    with pytest.raises(WorkerDiedError, match="killed by signal 9"):
        publish_stories(desk)
    assert children() == []


def publish_stories(desk):
    with hold():
        for number in range(ARTICLES):
            desk.article(f"Story {number}")
        publish()


def publish_again(newsroom):
    with Tree(newsroom.edition).locked(wait=False) as free:
        assert free
    publish()
    assert not Change.objects.exists()
    assert faults(newsroom.edition / "current") == []
    files = read(newsroom)
    for number in range(ARTICLES):
        assert f"en/2026/11/story-{number}.html" in files


@contextmanager
def killed_in(place, name, after):
    """Within it, workers are killed by signal 9 as they come to do something for the n-th time."""
    own, ours, done = getattr(place, name), os.getpid(), []

    def counted(*arguments):
        done.append(arguments)
        if len(done) >= after and os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        return own(*arguments)

    setattr(place, name, counted)
    yield
    setattr(place, name, own)


def read(newsroom):
    root = (newsroom.edition / "current").resolve()
    assert faults(root) == []
    return {str(at.relative_to(root)): at.read_bytes() for at in root.rglob("*") if at.is_file()}


def children():
    """Return the processes whose parent we are."""
    pid = os.getpid()
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
