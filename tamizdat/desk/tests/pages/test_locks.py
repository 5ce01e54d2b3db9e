"""What a colleague has locked is neither published nor deleted by another, in whichever way."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import get_resolver, reverse
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Page

from tamizdat.desk.accounts.actions.staff import create_user
from tamizdat.desk.actions.articles import publish
from tamizdat.desk.models import ArticleIndex, ArticlePage
from tamizdat.desk.tasks import LOCKED, alerts_of, sweep
from tamizdat.desk.tests.admin.addresses import paths
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import approval, publish_from_list
from tamizdat.lib import clock

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])

PUBLISH = "/desk/bulk/wagtailcore/page/publish/?id={}"
DELETE = "/desk/bulk/wagtailcore/page/delete/?id={}"


@pytest.fixture
def locked(editor, draft):
    """An article that readers have, with an unready headline, which somebody else locked."""
    publish(draft)
    draft.title = "Not ready"
    draft.save_revision()
    vera = create_user("vera@example.org", "Vera Lind", "a long and quiet password", "editor")
    ArticlePage.objects.filter(pk=draft.pk).update(locked=True, locked_by=vera)
    return draft


def live_title(article):
    return ArticlePage.objects.get(pk=article.pk).title


def test_it_is_not_published_with_others(editor, locked):
    answer = editor.post(PUBLISH.format(locked.pk), {"next": "/desk/"}, follow=True)

    assert "is locked, or held for its time" in answer.content.decode()
    assert live_title(locked) == "The court let four go"


def test_it_is_not_published_with_what_stands_above_it(editor, locked):
    shelf = ArticleIndex.objects.get(locale__language_code="en")

    publish_from_list(editor, shelf, include_descendants="on")

    assert live_title(locked) == "The court let four go"


@pytest.mark.parametrize("where", [DELETE, "/desk/pages/{}/delete/"])
def test_it_is_not_deleted(desk, locked, where):
    admin = signed_in("Ada Holm", "admin")

    admin.post(where.format(locked.pk))

    assert ArticlePage.objects.filter(pk=locked.pk).exists()


def test_one_s_own_lock_stops_nobody_else_and_not_oneself(desk, locked):
    admin = signed_in("Ada Holm", "admin")
    ada = User.objects.get(email="ada@example.org")
    ArticlePage.objects.update(locked_by=ada)

    admin.post(DELETE.format(locked.pk))

    assert not ArticlePage.objects.filter(pk=locked.pk).exists()


def test_what_nobody_locked_is_published_and_deleted(editor, locked):
    ArticlePage.objects.update(locked=False)

    publish_from_list(editor, locked)
    assert live_title(locked) == "Not ready"

    editor.post(DELETE.format(locked.pk))
    assert not ArticlePage.objects.filter(pk=locked.pk).exists()


BULK = ("publish", "unpublish", "delete", "move")
ACTIONS = (*BULK, "approve", "reject", "revert_to_page_revision", "convert_alias")
ADDRESSES = sorted(set(paths(get_resolver().url_patterns)))
KNOWN = {"app_label": "wagtailcore", "model_name": "page", "content_type_app_name": "desk"}


@pytest.fixture
def held(desk, demonstration, draft):
    """Change an article, or write one, send it to the desk, and have Vera lock it."""

    def held(*, live):
        if live:
            publish(draft)
        draft.title = "Not ready"
        draft.save_revision()
        draft.get_workflow().start(draft, None)
        vera = create_user("vera@example.org", "Vera Lind", "a long and quiet password", "editor")
        ArticlePage.objects.filter(pk=draft.pk).update(locked=True, locked_by=vera)
        return ArticlePage.objects.get(pk=draft.pk)

    return held


def addresses(article):
    """Every address that could be about this article, or about what stands above it."""
    there = ArticleIndex.objects.get(locale__language_code="ru")
    numbers = {
        "revision_id": article.latest_revision_id,
        "task_state_id": article.current_workflow_task_state.pk,
        "task_id": article.current_workflow_task.pk,
        "destination_id": there.pk,
    }
    for pattern in ADDRESSES:
        if "unlock" in pattern or not re.search("[<(]", pattern):
            continue  # to unlock first is what may be done
        for action in ACTIONS if "action_name" in pattern else ("",):
            said = KNOWN | numbers | {"action_name": action, "content_type_model_name": "page"}

            def value(found, said=said):
                return str(said.get(found[1], article.pk))

            named = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern)
            plain = re.sub(r"<(?:\w+:)?(\w+)>", value, named)
            yield "/" + re.sub(r"[\^$\\]|\.\*|\(.*?\)", "", plain)
    above = article.get_ancestors(inclusive=True)
    for action in BULK:
        for page in above:
            yield f"/desk/bulk/wagtailcore/page/{action}/?id={page.pk}"


FORMS = (
    {},
    {"include_descendants": "on", "chooser": "1", "confirm_site_name": "The Test Sheet",
     "comment": "x", "restriction_type": "login", "alias": "on", "locales": "1"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("role", "live"),
    [
        pytest.param("editor", True, id="an editor, a change"),
        pytest.param("editor", False, id="an editor, a new article", marks=pytest.mark.soak),
        pytest.param("admin", True, id="an administrator, a change", marks=pytest.mark.soak),
        pytest.param("admin", False, id="an administrator, a new article", marks=pytest.mark.soak),
    ],
)
def test_no_address_leads_past_somebody_else_s_lock(held, role, live):
    article = held(live=live)
    browser = signed_in("Nora Keld", role)
    browser.raise_request_exception = False
    before = ArticlePage.objects.values("pk", "live", "title", "place", "expired").get()
    tried, changed = set(), set()
    for address in addresses(article):
        for form in FORMS:
            with transaction.atomic():
                answer = browser.post(address, form)
                tried.add((address, answer.status_code))
                if list(ArticlePage.objects.values(*before)) != [before]:
                    changed.add(address)
                transaction.set_rollback(True)

    assert len(tried) > 150
    assert changed == set()


@pytest.mark.parametrize("live", [True, False], ids=["a change", "a new article"])
def test_approval_says_whose_lock_it_is_and_the_text_waits_on(held, live):
    article = held(live=live)
    browser = signed_in("Nora Keld", "editor")
    task = article.current_workflow_task_state

    page = browser.post(approval(article, task), {}, follow=True)

    said = [str(each) for each in page.context["messages"]]
    why = "“Not ready” is locked by Vera Lind, so nothing of it was published or taken away."
    assert said == [f"{why} Ask them, or unlock it on its page first."]
    task.refresh_from_db()
    assert task.status == "in_progress"


def test_whoever_holds_the_lock_approves(held):
    article = held(live=False)
    browser = signed_in("Nora Keld", "editor")
    ArticlePage.objects.update(locked_by=User.objects.get(email="nora@example.org"))

    browser.post(approval(article, article.current_workflow_task_state), {})

    assert ArticlePage.objects.get(pk=article.pk).live


def test_a_schedule_is_not_cancelled_past_a_lock(editor, locked):
    locked.go_live_at = clock.now() + timedelta(days=1)
    publish(locked)
    revision = locked.scheduled_revision
    at = reverse("wagtailadmin_pages:revisions_unschedule", args=(locked.pk, revision.pk))

    editor.post(at)
    revision.refresh_from_db()
    assert revision.approved_go_live_at

    ArticlePage.objects.update(locked=False)
    editor.post(at)
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


@pytest.mark.parametrize("action", PagesAdminAPIViewSet.actions)
def test_no_program_changes_a_page_past_the_desk_s_rules(editor, draft, action):
    publish(draft)
    before = list(Page.objects.order_by("pk").values())
    sent = {"destination_page_id": draft.get_parent().pk, "locale": "ru", "recursive": True}

    answer = editor.post(f"/desk/api/main/pages/{draft.pk}/action/{action}/", sent)

    assert answer.status_code == 404
    assert list(Page.objects.order_by("pk").values()) == before
    assert editor.get(f"/desk/api/main/pages/{draft.pk}/").status_code == 200


def test_a_lock_set_since_holds_at_its_time_until_it_is_unlocked(editor, draft):
    nora = User.objects.get(email="nora@example.org")
    draft.go_live_at = clock.now() + timedelta(days=1)
    publish(draft, nora)
    vera = create_user("vera@example.org", "Vera Lind", "a long and quiet password", "editor")
    ArticlePage.objects.update(locked=True, locked_by=vera)
    then = clock.now() + timedelta(days=2)

    sweep(then)

    assert not ArticlePage.objects.get(pk=draft.pk).live
    (alert,) = alerts_of(draft.pk)
    assert alert.why == LOCKED
    assert "locked by Vera Lind" in editor.get("/desk/").content.decode()
    ArticlePage.objects.update(locked=False, locked_by=None)
    sweep(then)
    assert ArticlePage.objects.get(pk=draft.pk).live
    assert not alerts_of(draft.pk)


def test_the_lock_of_who_scheduled_it_holds_only_others(editor, draft):
    nora = User.objects.get(email="nora@example.org")
    draft.go_live_at = clock.now() + timedelta(days=1)
    publish(draft, nora)
    ArticlePage.objects.update(locked=True, locked_by=nora)

    sweep(clock.now() + timedelta(days=2))

    assert ArticlePage.objects.get(pk=draft.pk).live
