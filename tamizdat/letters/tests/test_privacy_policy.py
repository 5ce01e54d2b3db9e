"""The privacy policy to which readers agree stays where they find it."""

from dataclasses import replace

import pytest

from tamizdat.letters import offering
from tamizdat.letters.actions import newsletters
from tamizdat.lib import clock
from tamizdat.lib.alerts import standing

pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def editor(newsdesk, client, django_user_model, settings):
    settings.NEWSROOM = replace(settings.NEWSROOM, demonstration=True)  # no second step
    client.force_login(django_user_model.objects.create_superuser("eva", "eva@example.org", "x"))
    return client


@pytest.fixture
def policy(newsdesk):
    return newsdesk.policy()


def edit(editor, page, **changes):
    sent = {"title": page.title, "slug": page.slug, "version": page.version,
            "body-count": 0,
            "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0,
            "action-publish": "x"}  # fmt: skip
    return editor.post(f"/desk/pages/{page.pk}/edit/", sent | changes)


def one(way):
    return lambda editor, page: editor.post(f"/desk/pages/{page.pk}/{way}/")


def in_bulk(action):
    address = f"/desk/bulk/wagtailcore/page/{action}/"
    return lambda editor, page: editor.post(f"{address}?id={page.pk}&next=/desk/")


WAYS = {
    "delete": one("delete"),
    "unpublish": one("unpublish"),
    "delete in bulk": in_bulk("delete"),
    "unpublish in bulk": in_bulk("unpublish"),
    "another slug": lambda editor, page: edit(editor, page, slug="rules"),
}


def stays(page):
    kept = {"live": True, "slug": page.slug}
    return type(page).objects.filter(pk=page.pk, **kept).exists()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_it_stays_while_a_newsletter_is_offered(editor, friday, policy, way):
    answer = way(editor, policy)
    said = answer if answer.status_code == 200 else editor.get("/desk/")

    assert stays(policy)
    assert "This is the privacy policy" in said.content.decode()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_it_may_go_where_nobody_is_asked_to_agree(editor, friday, policy, way):
    friday.offered = False
    friday.save()
    way(editor, policy)

    assert not stays(policy)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_another_page_may_go(editor, friday, newsdesk, way):
    contact = newsdesk.plain("Where we are", slug="where")
    way(editor, contact)

    assert not stays(contact)


def test_its_words_are_changed_as_any(editor, friday, policy):
    edit(editor, policy, version="2026-12")

    assert offering.wording("en").version.startswith("2026-12.")


def said_of_the_policy(room):
    return [alert.key for alert in standing(room.data) if "policy" in alert.key]


def test_an_alert_says_where_it_is_missing_all_the_same(friday, room, newsdesk):
    newsdesk.alter(newsdesk.policy("fa"), live=False)
    newsletters.sweep(clock.now())
    assert said_of_the_policy(room) == ["letters-policy-fa"]

    newsdesk.alter(newsdesk.policy("fa"), live=True)
    newsletters.sweep(clock.now())
    assert said_of_the_policy(room) == []
