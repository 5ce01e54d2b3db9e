"""The privacy policy to which readers agree stays where they find it."""

import pytest

from tamizdat.letters import tasks
from tamizdat.letters.alerts import delivery_alerts
from tamizdat.letters.newsletters import offers
from tamizdat.lib import clock
from tamizdat.lib.alerts import standing

pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def policy(newsdesk):
    return newsdesk.policy()


def edit(superuser, page, **changes):
    sent = {"title": page.title, "slug": page.slug, "version": page.version,
            "body-count": 0,
            "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0,
            "action-publish": "x"}  # fmt: skip
    return superuser.post(f"/desk/pages/{page.pk}/edit/", sent | changes)


def one(way):
    return lambda superuser, page: superuser.post(f"/desk/pages/{page.pk}/{way}/")


def in_bulk(action):
    address = f"/desk/bulk/wagtailcore/page/{action}/"
    return lambda superuser, page: superuser.post(f"{address}?id={page.pk}&next=/desk/")


WAYS = {
    "delete": one("delete"),
    "unpublish": one("unpublish"),
    "delete in bulk": in_bulk("delete"),
    "unpublish in bulk": in_bulk("unpublish"),
    "another slug": lambda superuser, page: edit(superuser, page, slug="rules"),
}


def stays(page):
    kept = {"live": True, "slug": page.slug}
    return type(page).objects.filter(pk=page.pk, **kept).exists()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_it_stays_while_a_newsletter_is_offered(superuser, friday, policy, way):
    answer = way(superuser, policy)
    said = answer if answer.status_code == 200 else superuser.get("/desk/")

    assert stays(policy)
    assert "This is the privacy policy" in said.content.decode()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_it_may_go_where_nobody_is_asked_to_agree(superuser, friday, policy, way):
    friday.offered = False
    friday.save()
    way(superuser, policy)

    assert not stays(policy)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_another_page_may_go(superuser, friday, newsdesk, way):
    contact = newsdesk.plain("Where we are", slug="where")
    way(superuser, contact)

    assert not stays(contact)


def test_its_words_are_changed_as_any(superuser, friday, policy):
    edit(superuser, policy, version="2026-12")

    assert offers.wording("en").version.startswith("2026-12.")


def said_of_the_policy(room):
    return [alert.key for alert in standing(room.data) if "policy" in alert.key]


def test_an_alert_says_where_it_is_missing_all_the_same(friday, room, newsdesk):
    newsdesk.alter(newsdesk.policy("fa"), live=False)
    tasks.sweep(clock.now())
    assert said_of_the_policy(room) == ["letters-policy-fa"]

    newsdesk.alter(newsdesk.policy("fa"), live=True)
    tasks.sweep(clock.now())
    assert said_of_the_policy(room) == []


def test_of_a_language_that_is_none_of_ours_any_more_nothing_stays_told(room):
    delivery_alerts.no_policy(room.data, "be", clock.now())

    tasks.sweep(clock.now())

    assert said_of_the_policy(room) == []
