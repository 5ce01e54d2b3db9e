"""What a reporter sent to the desk is approved as it was sent, and no word about it is lost."""

import json

import pytest
from django.urls import reverse

from tamizdat.desk.models import ArticlePage
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import newest, send, typed
from tamizdat.desk.tests.pages.test_two_editors import at, opened
from tests.at_the_desk import form_of

BY_ITSELF = {"accept": "application/json"}
OURS = {"HTTP_ORIGIN": "http://testserver"}
SCRIPT = {"x-requested-with": "XMLHttpRequest"}


@pytest.fixture
def vera(desk, demonstration):
    return signed_in("Vera Lind", "editor")


@pytest.fixture
def sent(reporter, courts):
    send(reporter, typed(courts, title="Ready words") | {"action-submit": "x"})
    return newest()


def deciding(article, action, name="workflow_action"):
    task = article.current_workflow_task_state
    return reverse(f"wagtailadmin_pages:{name}", args=(article.pk, action, task.pk))


def pressed(action):
    return {"action-workflow-action": "true", "workflow-action-name": action}


def approve(vera, _reporter, article):
    vera.post(deciding(article, "approve"))


def send_back(vera, _reporter, article):
    vera.post(deciding(article, "reject"), {"comment": "Who says so?"})


def take_back(_vera, reporter, article):
    reporter.post(at(article), opened(reporter, article) | {"action-cancel-workflow": "x"})


ENDS = {
    approve: "Vera Lind approved this page",
    send_back: "Vera Lind sent this page back",
    take_back: "Ines Orlet took this page from what waits for approval",
}


@pytest.mark.parametrize("save", [{}, BY_ITSELF], ids=["a draft", "a draft kept by itself"])
def test_approved_at_its_address_is_what_was_sent(editor, vera, sent, save):
    editor.post(at(sent), opened(editor, sent) | {"title": "Half a sent"}, headers=save)

    page = vera.post(deciding(sent, "approve"), follow=True)

    assert not newest().live
    assert "Nora Keld saved a newer version of “Half a sent”" in page.content.decode()
    vera.post(at(sent), opened(vera, sent) | pressed("approve"))
    assert newest().title == "Half a sent"


@pytest.mark.parametrize("comment", [{}, {"comment": "Five, not four."}])
def test_what_a_colleague_took_from_readers_since_is_not_approved_at_its_address(
    editor, vera, reporter, sent, comment
):
    approve(vera, reporter, sent)
    reporter.post(at(sent), opened(reporter, sent) | {"kicker": "New", "action-submit": "x"})
    there = deciding(newest(), "approve")
    vera.post(f"/desk/pages/{sent.pk}/unpublish/", {})

    page = editor.post(there, comment, follow=True, **OURS)

    assert not newest().live
    assert "Vera Lind took “Ready words” from readers" in page.content.decode()
    assert comment.get("comment", "") in page.content.decode()
    editor.post(at(sent), opened(editor, sent) | pressed("approve"))
    assert newest().live


def test_a_comment_of_an_approval_that_came_too_late_is_shown(editor, vera, sent):
    there = deciding(sent, "approve")
    vera.post(at(sent), opened(vera, sent) | {"title": "Newer words"})

    page = editor.post(there, {"comment": "Five, not four."}, **OURS)

    assert "Vera Lind saved a newer version" in page.content.decode()
    assert "Five, not four." in page.content.decode()


def test_a_decision_about_another_page_leads_nowhere(editor, sent, draft):
    task = sent.current_workflow_task_state
    other = reverse("wagtailadmin_pages:workflow_action", args=(draft.pk, "approve", task.pk))
    draft.get_workflow().start(draft, None)

    assert editor.post(other).status_code == 404
    assert not ArticlePage.objects.get(pk=sent.pk).live


def test_an_older_version_is_approved_as_the_page_shows_it(editor, sent):
    first = sent.latest_revision_id
    editor.post(at(sent), opened(editor, sent) | {"title": "Newer words"})
    back = f"/desk/pages/{sent.pk}/revisions/{first}/revert/"
    there = form_of(editor.get(back).content.decode(), back)
    form = opened(editor, sent) | {"title": there["title"]}
    assert form["title"] == "Ready words"

    editor.post(back, form | pressed("approve"))

    assert newest().live
    assert newest().title == "Ready words"


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("action", ["approve", "reject"])
def test_who_decides_second_is_told_and_nothing_is_lost(editor, vera, reporter, sent, end, action):
    mine = opened(editor, sent)
    end(vera, reporter, sent)

    answer = editor.post(at(sent), mine | pressed(action) | {"kicker": "Typed"})

    assert answer.status_code == 409
    assert "Typed" in answer.content.decode()
    assert ENDS[end] in answer.content.decode()


def test_the_same_holds_where_one_goes_back_to_a_version(editor, vera, reporter, sent):
    back = f"/desk/pages/{sent.pk}/revisions/{sent.latest_revision_id}/revert/"
    mine = opened(editor, sent)
    approve(vera, reporter, sent)

    answer = editor.post(back, mine | pressed("reject") | {"kicker": "Typed"})

    assert answer.status_code == 409
    assert "Typed" in answer.content.decode()


def test_a_script_is_told_too(editor, vera, reporter, sent):
    mine = opened(editor, sent)
    approve(vera, reporter, sent)

    answer = editor.post(at(sent), mine | pressed("approve"), headers=BY_ITSELF)

    assert answer.status_code == 400
    assert "Vera Lind approved this page" in answer.json()["error_message"]


@pytest.mark.parametrize("end", ENDS)
def test_a_comment_that_came_too_late_is_shown(editor, vera, reporter, sent, end):
    there = deciding(sent, "reject")
    end(vera, reporter, sent)

    page = editor.post(there, {"comment": "Five, not four."}, **OURS)

    assert page.status_code == 409
    assert "Five, not four." in page.content.decode()
    assert ENDS[end] in page.content.decode()


def a_newer_version(vera, _browser, article):
    vera.post(at(article), opened(vera, article) | {"kicker": "Vera's"})
    return {}


def a_field_that_is_wrong(_vera, _browser, _article):
    return {"title": ""}


def a_colleague_s_lock(vera, _browser, article):
    vera.post(f"/desk/pages/{article.pk}/lock/")
    return {}


def another_decision(vera, _browser, article):
    vera.post(deciding(article, "approve"))
    return {}


def the_end_of_the_session(_vera, browser, _article):
    browser.cookies.clear()
    return {}


HINDERED = [
    a_newer_version,
    a_field_that_is_wrong,
    a_colleague_s_lock,
    another_decision,
    the_end_of_the_session,
]


@pytest.mark.parametrize("hinder", HINDERED)
def test_a_comment_on_a_decision_is_shown_where_nothing_was_decided(editor, vera, sent, hinder):
    comment = {"workflow-action-extra-data": json.dumps({"comment": "Five, <b>not</b> four."})}
    form = opened(editor, sent) | pressed("reject") | comment
    typed = form | hinder(vera, editor, sent)

    page = editor.post(at(sent), typed, **OURS)

    assert page.status_code != 302
    assert "Five, &lt;b&gt;not&lt;/b&gt; four." in page.content.decode()


@pytest.mark.parametrize("odd", ["", "[", "7", "[]", "{}", "[" * 5000])
def test_what_is_no_comment_is_shown_as_none(editor, vera, sent, odd):
    form = opened(editor, sent) | pressed("reject") | {"workflow-action-extra-data": odd}
    vera.post(at(sent), opened(vera, sent) | {"kicker": "Vera's"})

    page = editor.post(at(sent), form, **OURS)

    assert page.status_code == 409
    assert "your comment" not in page.content.decode()


@pytest.mark.parametrize("name", ["workflow_action", "collect_workflow_action_data"])
def test_a_comment_stays_in_its_window(editor, vera, reporter, sent, name):
    there = deciding(sent, "reject", name)
    approve(vera, reporter, sent)

    shown = editor.post(there, {"comment": "Five, not four."}, headers=SCRIPT).json()["html"]

    assert "Five, not four." in shown
    assert "Vera Lind approved this page" in shown
