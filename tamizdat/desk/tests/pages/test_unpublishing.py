"""What must go from readers goes at once, or it is said whose lock holds it."""

from datetime import timedelta

import pytest
from wagtail.models import Page

from tamizdat.desk.accounts.actions.staff import create_user
from tamizdat.desk.actions.articles import publish
from tamizdat.desk.models import ArticleIndex, ArticlePage
from tamizdat.lib import clock

ONE = "/desk/pages/{}/unpublish/"
TOGETHER = "/desk/bulk/wagtailcore/page/unpublish/?id={}"
WAYS = pytest.mark.parametrize("way", [ONE, TOGETHER])


@pytest.fixture
def live(editor, draft):
    publish(draft)
    return ArticlePage.objects.get(pk=draft.pk)


@pytest.fixture
def waiting(live):
    """An article that readers have, with a change that waits for its time."""
    live.title, live.go_live_at = "Later words", clock.now() + timedelta(days=1)
    live.save_revision().publish()
    found = ArticlePage.objects.get(pk=live.pk)
    assert found.live
    assert found.scheduled_revision
    return found


@pytest.fixture
def locked(live):
    vera = create_user("vera@example.org", "Vera Lind", "a long and quiet password", "editor")
    Page.objects.filter(pk=live.pk).update(locked=True, locked_by=vera)
    return live


def press(browser, way, page, **form):
    answer = browser.post(way.format(page.pk), {"next": "/desk/", **form}, follow=True)
    return " ".join(str(each) for each in answer.context["messages"])


def now(article):
    return ArticlePage.objects.get(pk=article.pk)


@WAYS
def test_a_change_that_waits_is_called_off_in_one_step(editor, waiting, way):
    said = press(editor, way, waiting)

    assert "waited for its time was called off" in said
    assert not now(waiting).live
    assert now(waiting).scheduled_revision is None
    assert now(waiting).get_latest_revision_as_object().title == "Later words"


@WAYS
def test_a_colleague_s_lock_is_named(editor, locked, way):
    said = press(editor, way, locked)

    assert "is locked by Vera Lind" in said
    assert "unlock it on its page" in said
    assert "0 pages" not in said
    assert now(locked).live


@WAYS
def test_a_lock_holds_a_change_that_waits_too(editor, waiting, locked, way):
    assert "is locked by Vera Lind" in press(editor, way, waiting)
    assert now(waiting).live
    assert now(waiting).scheduled_revision


def test_a_page_that_stays_is_not_counted_as_taken_away(editor, live):
    shelf = ArticleIndex.objects.get(locale__language_code="en")

    said = press(editor, TOGETHER, shelf, include_descendants="on")

    assert said == "Nothing was done: with “Articles” you may not do that."
    assert now(live).live


@WAYS
def test_a_reporter_takes_nothing_away(reporter, waiting, way):
    press(reporter, way, waiting)

    assert now(waiting).live
    assert now(waiting).scheduled_revision
