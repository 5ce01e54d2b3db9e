"""Two acts upon a page in the same instant: one waits for the other, and neither undoes it."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections
from django.urls import reverse
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.admin.urls import pages
from wagtail.admin.views.generic.workflow import WorkflowAction
from wagtail.models import Page, Revision

from tamizdat.desk import tasks
from tamizdat.desk.actions.articles import publish
from tamizdat.desk.models import ArticleIndex, ArticlePage
from tamizdat.desk.pages import one_at_a_time
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import newest, send, typed
from tamizdat.desk.tests.pages.test_approving import deciding
from tamizdat.desk.tests.pages.test_two_editors import at, opened
from tamizdat.lib import clock

everywhere = pytest.mark.django_db(databases=["default", "counter", "till"])
TOGETHER = "/desk/bulk/wagtailcore/page/{}/?id={}"
BULK = ("publish", "unpublish", "delete", "move")
A_MOMENT_S = 0.3


class HeldError(Exception):
    """The view has asked for the row of its page."""


def addresses(article):
    """Yield every address that is about this page."""
    numbers = {
        "page_id": article.pk,
        "page_to_move_id": article.pk,
        "revision_id": article.latest_revision_id,
        "task_state_id": article.current_workflow_task_state.pk,
        "task_id": article.current_workflow_task.pk,
        "workflow_state_id": article.current_workflow_state.pk,
        "destination_id": article.get_parent().pk,
        "action_name": "approve",
    }
    for pattern in pages.urlpatterns:
        names = set(pattern.pattern.converters)
        if names & {"page_id", "page_to_move_id"} and pattern.name != "set_privacy":
            given = {name: numbers[name] for name in names}
            yield pattern.name, reverse(f"wagtailadmin_pages:{pattern.name}", kwargs=given)
    for action in BULK:
        yield action, TOGETHER.format(action, article.pk)


def test_no_view_reads_a_page_that_it_changes_before_it_holds_its_row(editor, draft, monkeypatch):
    draft.get_workflow().start(draft, None)
    article = ArticlePage.objects.get(pk=draft.pk)

    def hold(rows):
        assert list(rows.values_list("pk", flat=True)) == [article.pk]
        raise HeldError

    monkeypatch.setattr(one_at_a_time, "hold", hold)
    asked = dict(addresses(article))
    free = set()
    for name, address in asked.items():
        try:
            editor.post(address)
        except HeldError:
            continue
        free.add(name)

    assert len(asked) > 20
    assert free == one_at_a_time.CHANGES_NOTHING


@pytest.mark.parametrize("action", BULK[:3])
@pytest.mark.parametrize("chosen", ["it", "what stands above it", "all"])
def test_of_what_is_chosen_together_all_that_is_changed_is_held(
    editor, draft, monkeypatch, action, chosen
):
    if action == "unpublish":
        publish(draft)
    shelf = ArticleIndex.objects.get(locale__language_code="en")
    number = {"it": draft.pk, "what stands above it": shelf.pk, "all": f"all&childOf={shelf.pk}"}
    held = []
    monkeypatch.setattr(one_at_a_time, "hold", lambda rows: held.extend(rows.values_list("pk")))

    editor.post(TOGETHER.format(action, number[chosen]), {"include_descendants": "on"})

    assert (draft.pk,) in held


def unpublish(browser, article):
    return browser.post(f"/desk/pages/{article.pk}/unpublish/")


def unpublish_together(browser, article):
    return browser.post(TOGETHER.format("unpublish", article.pk))


def end(_browser, article):
    tasks.sweep(clock.now() + timedelta(days=2))


@pytest.fixture
def meanwhile(monkeypatch):
    """Something that a colleague does while an act is at work."""
    threads = []

    def meanwhile(owner, name, do):
        act = getattr(owner, name)

        def work(*args, **kwargs):
            threads.append(Thread(target=lambda: (do(), connections.close_all())))
            threads[-1].start()
            threads[-1].join(A_MOMENT_S)
            return act(*args, **kwargs)

        monkeypatch.setattr(owner, name, work)
        return lambda: [thread.join() for thread in threads]

    return meanwhile


@pytest.mark.django_db(transaction=True, databases=["default", "counter", "till"])
@pytest.mark.parametrize("take", [unpublish, unpublish_together, end])
def test_what_is_saved_while_a_page_is_taken_from_readers_is_not_hidden(
    courts, editor, meanwhile, take
):
    vera = signed_in("Vera Lind", "editor")
    soon = f"{clock.now() + timedelta(days=1):%Y-%m-%d %H:%M}"
    send(editor, typed(courts, expire_at=soon) | {"action-publish": "x"})
    article, answers = newest(), []
    form = opened(vera, article) | {"title": "Vera's words"}
    done = meanwhile(
        UnpublishPageAction,
        "execute",
        lambda: answers.append(vera.post(at(article), form)),
    )

    take(editor, article)
    done()

    now = newest()
    assert not now.live
    assert [answer.status_code for answer in answers] == [409]
    assert now.latest_revision == now.revisions.order_by("-pk").first()


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_in_the_instant_of_an_approval_is_not_published(
    courts, editor, reporter, meanwhile
):
    vera = signed_in("Vera Lind", "editor")
    send(reporter, typed(courts, title="Sent words") | {"action-submit": "x"})
    article = newest()
    form = opened(vera, article) | {"title": "Half typed"}
    done = meanwhile(WorkflowAction, "post", lambda: vera.post(at(article), form))

    editor.post(deciding(article, "approve"))
    done()

    assert newest().live
    assert newest().title == "Sent words"


@pytest.fixture
def between(monkeypatch):
    """Something that a colleague does after the round has looked what is due."""

    def between(do):
        monkeypatch.setattr(tasks, "until_stopped", lambda due: due and (do(), due)[1])

    return between


@everywhere
def test_a_page_whose_end_a_colleague_put_off_meanwhile_stays_with_readers(draft, between):
    draft.expire_at = clock.now() + timedelta(days=1)
    publish(draft)
    between(lambda: Page.objects.filter(pk=draft.pk).update(expire_at=None))

    tasks.sweep(clock.now() + timedelta(days=2))

    assert ArticlePage.objects.get(pk=draft.pk).live


@everywhere
def test_a_page_that_a_colleague_called_off_meanwhile_does_not_come_out(draft, between):
    draft.go_live_at = clock.now() + timedelta(days=1)
    publish(draft)
    between(lambda: Revision.objects.update(approved_go_live_at=None))

    tasks.sweep(clock.now() + timedelta(days=2))

    assert not ArticlePage.objects.get(pk=draft.pk).live
