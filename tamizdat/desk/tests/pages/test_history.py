"""What was decided on stays in a page's history, whatever is kept by itself afterwards."""

import pytest

from tamizdat.desk.actions.articles import publish, withdraw
from tamizdat.desk.models import ArticlePage
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import approval, newest, send, typed
from tamizdat.desk.tests.pages.test_two_editors import at, opened

BY_ITSELF = {"accept": "application/json"}


@pytest.fixture
def nora(desk, demonstration):
    """An editor who writes, and decides on what she wrote."""
    return signed_in("Nora Keld", "editor")


def published(article):
    article.get_latest_revision().publish()


def taken_away_again(article):
    published(article)
    withdraw(ArticlePage.objects.get(pk=article.pk))


def sent_to_the_desk(article):
    article.get_workflow().start(article, None)


def sent_back(article):
    sent_to_the_desk(article)
    article.current_workflow_task_state.reject()


def approved(article):
    sent_to_the_desk(article)
    article.current_workflow_task_state.approve()


DECISIONS = [published, taken_away_again, sent_to_the_desk, sent_back, approved]


def kept_by_itself(browser, article, form, title, over):
    sent = form | {"title": title, "overwrite_revision_id": over}
    answer = browser.post(at(article), sent, headers=BY_ITSELF)
    assert answer.status_code == 200, answer.content
    return answer.json()["revision_id"]


@pytest.mark.parametrize("decided", DECISIONS)
def test_a_version_that_somebody_decided_on_is_not_overwritten(nora, courts, decided):
    send(nora, typed(courts, title="Begun"))
    article = newest()
    form = opened(nora, article)
    version = nora.post(at(article), form | {"title": "Decided"}, headers=BY_ITSELF).json()[
        "revision_id"
    ]
    decided(newest())

    going_on = kept_by_itself(nora, article, form, "Going on", version)

    assert going_on != version
    titles = {one.pk: one.as_object().title for one in article.revisions.all()}
    assert (titles[version], titles[going_on]) == ("Decided", "Going on")
    assert kept_by_itself(nora, article, form, "Going on and on", going_on) == going_on


def test_a_reporter_does_not_rewrite_what_was_approved(editor, reporter, courts):
    send(reporter, typed(courts, title="Approved") | {"action-submit": "x"})
    article = newest()
    task = article.current_workflow_task_state
    editor.post(approval(article, task))

    form = opened(reporter, article)
    kept_by_itself(reporter, article, form, "Never approved", newest().live_revision_id)

    task.refresh_from_db()
    assert task.revision.as_object().title == "Approved"
    assert newest().live_revision.as_object().title == "Approved"


def test_a_version_that_is_not_the_newest_is_not_overwritten(editor, draft):
    publish(draft)
    form, first = opened(editor, draft), draft.latest_revision_id
    draft.title = "Newer"
    draft.save_revision()

    answer = editor.post(at(draft), form | {"overwrite_revision_id": first}, headers=BY_ITSELF)

    assert answer.status_code == 400
    assert newest().get_latest_revision_as_object().title == "Newer"
