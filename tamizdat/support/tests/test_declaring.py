"""The counter's door to the till, when too many press on at once."""

import pytest
from django.test import RequestFactory

from tamizdat.readers.counter.bucket import Bucket
from tamizdat.support.counter import giving

FIVE = {"interval": "month", "minor": "500", "declared": "yes"}


@pytest.fixture
def empty_bucket(monkeypatch):
    monkeypatch.setattr(giving, "begun_a_minute", Bucket(most=0, a_minute=0))


@pytest.mark.django_db(databases=["counter"])
def test_too_many_at_once_are_asked_to_send_the_form_again(empty_bucket):
    answer = giving.declare(RequestFactory().post("/en/declare", FIVE), "en")
    shown = answer.content.decode()

    assert answer.status_code == 429
    assert "send the form again in a minute" in shown
    assert 'name="minor" value="500"' in shown
    assert 'value="yes" required checked' in shown
