"""A real disk that is full, or read-only, while an edition is made."""

import sys
from contextlib import suppress

import pytest
from django.db import DatabaseError

from tamizdat.lib import clock
from tamizdat.lib.alerts import standing
from tamizdat.press import tasks
from tamizdat.press.actions import hold, publish, publish_waiting
from tamizdat.press.tests.build.test_every_step import all_is_well, whole
from tests import full_disk
from tests.in_a_newsroom import lay_out, tell
from tests.newsdesk import NewsDesk

ROOM = (0, 4_096, 12_288, 24_576, 49_152, 98_304, 200_000)  # bytes that are left when it is full


@pytest.fixture
def small_disk(not_run_here):
    if why := full_disk.why_not():
        not_run_here(why)
    return full_disk.on_small_disk


def test_a_full_disk_under_the_edition(tmp_path, databases, small_disk):
    folder = lay_out(tmp_path / "newsroom", databases)

    said = tell(folder, full_under_the_edition, *small_disk(folder / "edition", 8))

    assert "failed 0 times" not in said


def test_a_full_disk_under_the_whole_newsroom(tmp_path, databases, small_disk):
    folder = lay_out(tmp_path / "newsroom", databases)

    said = tell(folder, full_under_the_newsroom, *small_disk(folder, 32))

    assert "failed 0 times" not in said


def test_an_edition_that_cannot_be_written(tmp_path, databases, small_disk):
    folder = lay_out(tmp_path / "newsroom", databases)

    tell(folder, read_only, *small_disk(folder / "edition", 8))


def full_under_the_edition(newsroom):
    full_again_and_again(newsroom, newsroom.edition)


def full_under_the_newsroom(newsroom):
    full_again_and_again(newsroom, newsroom.folder)


def full_again_and_again(newsroom, disk):
    """Publish with more and more room left, until there is enough; each time all is made good."""
    desk = NewsDesk(newsroom)
    desk.article("The first")
    publish()
    failed = 0
    for number, room in enumerate(ROOM):
        article = written_in_time(desk, f"Story {number}", disk, room)
        try:
            publish_waiting()
        except (OSError, DatabaseError):
            failed += 1
            told = {alert.key: alert.why for alert in standing(newsroom.data)}
            assert not told or "disk is full" in told["edition"] or "database" in told["edition"]
        whole(newsroom)
        full_disk.free(disk)
        tasks.sweep(clock.now())
        all_is_well(newsroom, article.place)
    sys.stdout.write(f"failed {failed} times")


def written_in_time(desk, title, disk, room):
    """Publish an article, and have the disk full when its edition is to be made."""
    with suppress(OSError, DatabaseError), hold():  # as it is caught where an editor publishes
        article = desk.article(title)
        full_disk.fill(disk, but=room)
    return article


def read_only(newsroom):
    desk = NewsDesk(newsroom)
    desk.article("The first")
    publish()
    full_disk.remount(newsroom.edition, "ro")
    article = desk.article("Story")  # the editor's save stands
    with pytest.raises(OSError, match="Read-only"):
        publish_waiting()

    told = {alert.key: alert for alert in standing(newsroom.data)}
    assert "cannot be written" in told["edition"].why
    assert "mounted read-only" in told["edition"].do
    whole(newsroom)
    full_disk.remount(newsroom.edition, "rw")
    tasks.sweep(clock.now())
    all_is_well(newsroom, article.place)
