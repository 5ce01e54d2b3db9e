"""The machine's clock leaps: nothing is deleted, given up or sent by a date that is wrong."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.letters.actions import issues
from tamizdat.letters.models import Letter
from tamizdat.letters.tests.delivery.test_confirming import sealed_twice
from tamizdat.lib import clock, leaps
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import Pending, UnattendedCopy
from tamizdat.site.processes.working import sweep
from tests.machine import Machine

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])
YEAR = timedelta(days=365)


@pytest.fixture
def machine(monkeypatch):
    return Machine(monkeypatch)


@pytest.fixture
def held(newsdesk, room, machine):
    """A newsroom in which something waits for a day: to be published, confirmed, read."""
    unattended.rotate(room.keys, datetime.now(UTC))
    article = newsdesk.article("Held")
    newsdesk.unpublish(article.pk)
    article.refresh_from_db()
    article.go_live_at = clock.now() + timedelta(days=180)
    article.save_revision().publish()
    sealed = sealed_twice(room, "ada@example.org", "en")
    consent = {"version": "1.0", "sha256": "0" * 64}
    payload = {"sealed": sealed, "newsletters": ["friday"], "language": "en", "consent": consent}
    _submit("subscribe", payload)
    _round(room)
    return article


def _submit(kind, payload):
    Envelope.objects.create(kind=kind, day=datetime.now(UTC).date(), payload=json.dumps(payload))


def _round(room):
    leaps.keep(room.data)
    assert sweep(clock.now()) == []


def _what_waits(room, article):
    article.refresh_from_db()
    return {
        "sign-ups": Pending.objects.count(),
        "letters": sorted(Letter.objects.values_list("kind", "state")),
        "on screen": len(list((room.data / "mailbox").glob("*.eml"))),
        "copies": UnattendedCopy.objects.count(),
        "keys": {pair.name for pair in unattended.pairs(room.keys)},
        "published": article.live,
    }


@pytest.mark.parametrize("by", [YEAR, -YEAR])
def test_nothing_is_deleted_given_up_or_published_by_a_wrong_date(held, room, machine, by):
    before = _what_waits(room, held)
    assert before["sign-ups"] == 1
    assert before["on screen"] == 1
    assert not before["published"]

    machine.leap(by)
    _round(room)

    assert _what_waits(room, held) == before


def test_once_the_new_date_is_accepted_what_is_due_is_done(held, room, machine):
    machine.leap(YEAR)
    _round(room)

    leaps.accept(room.data)
    _round(room)

    assert _what_waits(room, held)["published"]


def test_an_issue_that_was_dated_a_year_ahead_is_not_the_last_for_a_year(newsdesk, friday, room):
    now = datetime.now(UTC)
    newsdesk.article("Told this week", published=now)
    ahead = issues.compose(friday, "en", now + YEAR)
    ahead.state = "sent"
    ahead.save()

    issue = issues.compose(friday, "en", now + timedelta(minutes=1))

    assert issue.items.count() == 1
