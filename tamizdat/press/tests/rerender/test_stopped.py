"""A publisher that is told to stop, at whatever row, leaves an edition that is whole."""

from itertools import count

import pytest

from tamizdat.lib.processes.stopping import Stopped
from tamizdat.press.actions import publish_waiting
from tamizdat.press.build import rerender_queue
from tamizdat.press.models import Change, OutputFile, RerenderJob
from tamizdat.press.rerender import runner
from tamizdat.press.rerender.runner import Rerendering
from tests.told_to_stop import told_to_stop

ARTICLES = 8


@pytest.fixture
def busy(newsdesk):
    for number in range(ARTICLES):
        newsdesk.article(f"News {number}")
    newsdesk.publish()
    return newsdesk


def told_at_each_row(act, more):
    """Act again and again, told to stop one row later each time; call `more` in between.

    Returns how often it was stopped before it came to its end.
    """
    for after in count():
        try:
            with told_to_stop(after):
                act()
        except Stopped:
            more()
            continue
        return after
    raise AssertionError


def test_in_the_middle_of_a_publication_nothing_is_published(busy, edition):
    before = edition.files()
    busy.article("The latest")

    def as_it_was():
        assert edition.files() == before
        assert Change.objects.exists()

    assert told_at_each_row(publish_waiting, as_it_was) > 2
    assert "The latest" in edition.page("en/index.html")
    assert not Change.objects.exists()


def test_behind_the_scenes_what_is_left_waits(busy, edition, own_newsroom, monkeypatch):
    monkeypatch.setattr(runner, "PORTION", 3)
    jobs = OutputFile.objects.filter(job__startswith="article:").values_list("job", flat=True)
    rerender_queue.put_jobs(sorted(set(jobs)))
    left = [ARTICLES]

    def carry_out():
        Rerendering(own_newsroom).carry_out()
        if RerenderJob.objects.exists():
            raise Stopped

    def whole():
        assert edition.files()
        left.append(RerenderJob.objects.count())

    assert told_at_each_row(carry_out, whole) > ARTICLES
    assert left == sorted(left, reverse=True)
    assert set(left) >= {ARTICLES, ARTICLES - 3}
    assert edition.files()
