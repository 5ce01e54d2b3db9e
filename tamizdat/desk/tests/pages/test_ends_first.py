"""A change that waits on a page whose time ends before is called off, and never in silence."""

from datetime import timedelta

import pytest
from wagtail.models import Page, PageLogEntry

from tamizdat.desk.actions.articles import publish
from tamizdat.desk.models import ArticlePage
from tamizdat.desk.tasks import alerts_of, sweep
from tamizdat.desk.tests.forms.test_forms import approval, newest, publish_from_list, send, typed
from tamizdat.desk.tests.pages.test_two_editors import at, opened
from tamizdat.lib import clock

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])
FIRST = "“Mended” is taken from readers first"
CALLED_OFF = "its change that waited was called off"


def day(number):
    return f"{clock.now() + timedelta(days=number):%Y-%m-%d %H:%M}"


@pytest.fixture
def ending(editor, courts):
    """An article that readers have until tomorrow."""
    send(editor, typed(courts, expire_at=day(1)) | {"action-publish": "x"})
    return newest()


def change(browser, article, **pressed):
    form = {"title": "Mended", "expire_at": "", "go_live_at": day(3)}
    return browser.post(at(article), opened(browser, article) | form | pressed, follow=True)


def by_form(editor, article):
    return change(editor, article, **{"action-publish": "x"})


def from_the_list(editor, article):
    change(editor, article)
    return publish_from_list(editor, article)


def by_approval(editor, article):
    change(editor, article)
    article = ArticlePage.objects.get(pk=article.pk)
    article.get_workflow().start(article, None)
    return editor.post(approval(article, article.current_workflow_task_state), {}, follow=True)


def said(answer):
    return " ".join(str(each) for each in answer.context["messages"])


@pytest.mark.parametrize("way", [by_form, from_the_list, by_approval])
def test_who_sets_the_change_is_told_and_the_first_screen_says_it(editor, ending, way):
    told = way(editor, ending)

    assert newest().scheduled_revision
    assert FIRST in said(told)
    assert "comes first and calls it off" in editor.get("/desk/").content.decode()


def test_a_change_that_comes_out_before_the_end_is_none(editor, courts):
    send(editor, typed(courts, expire_at=day(5)) | {"action-publish": "x"})

    told = by_form(editor, newest())

    assert newest().scheduled_revision
    assert FIRST not in said(told)
    assert "comes first" not in editor.get("/desk/").content.decode()


def test_what_was_due_before_the_end_comes_out_though_rounds_did_not_run_for_days(editor, courts):
    send(editor, typed(courts, expire_at=day(5)) | {"action-publish": "x"})
    by_form(editor, newest())

    sweep(clock.now() + timedelta(days=6))

    assert newest().live
    assert newest().title == "Mended"
    assert not alerts_of(newest().pk)


def test_a_page_goes_at_its_end_though_what_was_due_before_is_refused(editor, courts):
    send(editor, typed(courts, expire_at=day(5)) | {"action-publish": "x"})
    by_form(editor, newest())
    ArticlePage.objects.update(section=None)
    courts.delete()

    sweep(clock.now() + timedelta(days=6))

    assert not newest().live


def save_as_a_draft(editor, article):
    editor.post(at(article), opened(editor, article))


def publish_it(editor, article):
    editor.post(at(article), opened(editor, article) | {"action-publish": "x", "go_live_at": ""})


def set_a_time(editor, article):
    editor.post(at(article), opened(editor, article) | {"action-publish": "x"})


def delete_it(editor, article):
    editor.post(f"/desk/pages/{article.pk}/delete/")


@pytest.mark.parametrize("decide", [save_as_a_draft, publish_it, set_a_time, delete_it])
def test_what_was_called_off_is_an_alert_until_somebody_decides(editor, ending, decide):
    by_form(editor, ending)
    then = clock.now() + timedelta(days=2)

    sweep(then)
    sweep(then)

    assert not newest().live
    assert newest().scheduled_revision is None
    (alert,) = alerts_of(ending.pk)
    assert CALLED_OFF in alert.what
    noted = PageLogEntry.objects.get(page=ending.pk, action="wagtail.schedule.cancel")
    assert noted.message.startswith(f"Revision {newest().latest_revision_id} from")
    assert editor.get(f"/desk/pages/{ending.pk}/history/").status_code == 200
    decide(editor, ending)
    sweep(then)
    assert not alerts_of(ending.pk)


def test_a_page_that_ends_without_a_change_raises_none(draft):
    draft.expire_at = clock.now() + timedelta(days=1)
    publish(draft)

    sweep(clock.now() + timedelta(days=2))

    assert not Page.objects.get(pk=draft.pk).live
    assert not alerts_of(draft.pk)
