"""Everything that is published is for everybody: no page or picture is marked as private."""

import pytest
from django.urls import reverse
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
)

from tamizdat.desk.actions.articles import publish, withdraw
from tamizdat.desk.models import ArticleIndex, FrontPage, PlainPage
from tamizdat.desk.tasks import sweep
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.lib import clock
from tamizdat.lib.alerts import standing

SAID = "Everything that is published is for everybody. Unpublish what readers should not have."


@pytest.fixture
def admin(desk, demonstration):
    return signed_in("Eva Lind", "admin")


def pages(article):
    yield article
    for kind in (ArticleIndex, FrontPage, PlainPage):
        yield kind.objects.filter(locale__language_code="en").first()
    yield Page.objects.get(depth=1)


def told(desk):
    return {each.key: each for each in standing(desk.data)}


@pytest.mark.parametrize("role", ["reporter", "editor", "admin"])
@pytest.mark.parametrize("kind", ["none", "login", "password", "groups"])
def test_no_page_can_be_made_private(desk, demonstration, draft, role, kind):
    publish(draft)
    browser = signed_in("Nora Keld", role)
    sent = {"restriction_type": kind, "password": "x", "groups": "1"}
    for page in pages(draft):
        at = reverse("wagtailadmin_pages:set_privacy", args=(page.pk,))
        for ask in (browser.get, browser.post):
            answer = ask(at, sent, follow=True)
            assert [str(each) for each in answer.context["messages"]] == [SAID]

    assert not PageViewRestriction.objects.exists()


def test_no_collection_of_pictures_can_be_made_private(admin):
    at = reverse("wagtailadmin_collections:set_privacy", args=(Collection.objects.get().pk,))

    answer = admin.post(at, {"restriction_type": "login"}, follow=True)

    assert SAID in answer.content.decode()
    assert not CollectionViewRestriction.objects.exists()


def test_it_is_offered_nowhere(admin, draft):
    publish(draft)
    made = Collection.get_first_root_node().add_child(name="Own")
    seen = [f"/desk/pages/{page.pk}/edit/" for page in pages(draft) if page.depth > 1]
    shelf = draft.get_parent()
    seen.append(f"/desk/pages/add/desk/articlepage/{shelf.pk}/")
    seen.append(f"/desk/collections/{made.pk}/")
    for address in seen:
        page = admin.get(address)
        assert page.status_code == 200, address
        said = page.content.decode()
        assert "/privacy/" not in said
        assert "Change privacy" not in said


def test_what_an_older_version_marked_as_private_is_told_until_somebody_decides(desk, draft):
    publish(draft)
    PageViewRestriction.objects.create(page=draft, restriction_type="login")
    sweep(clock.now())

    alert = told(desk)[f"page-{draft.pk}-private"]
    assert alert.what == f"Page {draft.pk} is marked as private at the desk, and readers have it."
    assert f"pages/{draft.pk}/" in alert.do

    publish(draft)
    sweep(clock.now())
    assert told(desk) == {}
    assert not PageViewRestriction.objects.exists()


def test_a_private_page_that_readers_do_not_have_worries_nobody(desk, draft):
    publish(draft)
    PageViewRestriction.objects.create(page=draft, restriction_type="login")
    withdraw(draft)
    sweep(clock.now())

    assert told(desk) == {}
