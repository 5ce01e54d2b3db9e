"""The till's calls, when somebody makes far too many of them."""

import json
from datetime import timedelta

import pytest
from django.test import RequestFactory

from tamizdat.lib import clock
from tamizdat.readers.counter.bucket import Bucket
from tamizdat.support.till import calls
from tamizdat.support.till.drafts import AT_MOST, LASTS, drafts

FIVE = {"amount": 500, "currency": "EUR", "interval": "once", "language": "en"}


def begin():
    request = RequestFactory().post("/begin", json.dumps(FIVE), content_type="application/json")
    return calls.begin(request)


@pytest.fixture
def full_bucket(monkeypatch):
    full = Bucket(calls.begun_a_minute.most, calls.begun_a_minute.a_minute)
    monkeypatch.setattr(calls, "begun_a_minute", full)
    return full


def test_a_flood_is_turned_away_and_drops_no_readers_draft(full_bucket):
    readers = json.loads(begin().content)["draft"]

    answers = [begin().status_code for _ in range(int(full_bucket.most) + 100)]

    assert answers[-1] == 429
    assert drafts.find(readers, clock.now()) is not None


def test_as_many_drafts_as_may_begin_while_one_lasts_are_held():
    bucket = calls.begun_a_minute

    assert bucket.most + bucket.a_minute * (LASTS / timedelta(minutes=1)) <= AT_MOST
