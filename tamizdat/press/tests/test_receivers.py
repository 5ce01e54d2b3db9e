"""From the desk to the press: nothing is forgotten, and no failure is the editor's."""

import pytest

from tamizdat.lib import clock
from tamizdat.lib.alerts import standing
from tamizdat.press import tasks
from tamizdat.press.actions import hold, mark, publish_soon
from tamizdat.press.models import Change, Edition, FailedJob
from tamizdat.press.output.tree import Tree


def committed(callbacks):
    """Do what would happen once the transaction is over."""
    with callbacks(execute=True) as done:
        yield done


def test_a_published_article_is_readable_when_its_transaction_is_over(
    newsdesk, edition, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        newsdesk.article("At once")

    assert "At once" in edition.page("en/2026/11/at-once.html")
    assert not Change.objects.exists()


def test_a_template_that_fails_loses_nothing(
    newsdesk, edition, own_newsroom, django_capture_on_commit_callbacks, caplog
):
    newsdesk.publish()
    broken = own_newsroom.theme / "press"
    broken.mkdir()
    (broken / "article.html").write_text("{{ nothing.of.the.kind }}")
    with django_capture_on_commit_callbacks(execute=True):
        article = newsdesk.article("Waits")

    assert article.live
    assert FailedJob.objects.exists()
    assert not edition.has("en/2026/11/waits.html")
    assert "press/article.html:1" in caplog.text

    (broken / "article.html").unlink()
    tasks.sweep(clock.now())

    assert edition.has("en/2026/11/waits.html")
    assert not FailedJob.objects.exists()


def test_a_disk_that_fails_loses_nothing(
    newsdesk, edition, own_newsroom, django_capture_on_commit_callbacks, caplog
):
    newsdesk.publish()
    resting = own_newsroom.edition / ("b" if edition.root.readlink().name == "a" else "a")
    resting.rename(own_newsroom.edition / "away")
    resting.write_text("")  # a file where a folder has to be
    with django_capture_on_commit_callbacks(execute=True):
        article = newsdesk.article("Waits")

    assert article.live
    assert Change.objects.exists()
    assert not edition.has("en/2026/11/waits.html")
    assert "tried again" in caplog.text
    tasks.sweep(clock.now())
    assert [alert.key for alert in standing(own_newsroom.data)] == ["edition"]

    resting.unlink()
    (own_newsroom.edition / "away").rename(resting)
    tasks.sweep(clock.now())

    assert edition.has("en/2026/11/waits.html")
    assert not Change.objects.exists()
    assert standing(own_newsroom.data) == []


def test_nothing_is_published_while_another_publisher_is_at_it(newsdesk, own_newsroom):
    newsdesk.publish()
    mark("front:en")

    with Tree(own_newsroom.edition).locked(wait=False):
        assert not publish_soon()

    assert Change.objects.exists()
    assert publish_soon()


def test_many_changes_make_one_edition(newsdesk, django_capture_on_commit_callbacks):
    newsdesk.publish()
    before = Edition.objects.count()

    with hold():
        for title in ("One", "Two", "Three"):
            with django_capture_on_commit_callbacks(execute=True):
                newsdesk.article(title)

    assert Edition.objects.count() == before + 1


def test_a_sweep_with_nothing_to_do_does_nothing(newsdesk):
    newsdesk.publish()
    before = Edition.objects.count()

    tasks.sweep(clock.now())

    assert Edition.objects.count() == before


@pytest.mark.parametrize("deleted", ["article", "plain"])
def test_what_is_deleted_leaves_the_edition(newsdesk, edition, deleted):
    page = newsdesk.article("Doomed") if deleted == "article" else newsdesk.plain("Doomed")
    newsdesk.publish()
    page.delete()
    newsdesk.publish()

    assert [path for path, raw in edition.files().items() if b"Doomed" in raw] == []
