"""A wish for a receipt that is taken back may be made again, whatever the books can note."""

import json
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import RequestFactory

from tamizdat.lib import clock
from tamizdat.support import call_keys
from tamizdat.support.till import calls

pytestmark = pytest.mark.django_db(databases=["till"])


@contextmanager
def books_that_take_nothing():
    """Books on a full disk: they can be read, and nothing is written."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise DatabaseError("database or disk is full")
        return execute(sql, params, many, context)

    with connections["till"].execute_wrapper(refuse):
        yield


@pytest.fixture
def till(shop, newsroom, settings):
    """Make a call of the counter about one contribution; return the answer's status and wish."""
    settings.NEWSROOM = newsroom
    call_keys.make(newsroom.keys)
    draft = shop.begin("month")
    shop.pay(draft)
    headers = {"Authorization": call_keys.header(newsroom.keys, "counter")}

    def asked(call, **said):
        body = json.dumps({"token": draft.token, **said})
        request = RequestFactory().post("/", body, content_type="application/json", headers=headers)
        answer = call(request)
        return answer.status_code, json.loads(answer.content).get("wish")

    return asked


def take_back(till, wish):
    with suppress(DatabaseError), transaction.atomic(using="till"):
        till(calls.unwish, wish=wish)


@pytest.mark.parametrize("failed", [1, 3])
@pytest.mark.parametrize("days", [0, 1])
def test_a_wish_that_the_books_cannot_take_back_is_made_again(till, monkeypatch, days, failed):
    for _ in range(failed):
        assert till(calls.wish) == (200, 1)
        with books_that_take_nothing():
            take_back(till, 1)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=days))

    answers = [till(calls.wish) for _ in range(3)]

    assert answers == [(200, 1), (200, 2), (409, None)], "one wish, and one correction"


def test_both_wishes_that_the_books_cannot_take_back_are_made_again(till):
    assert [till(calls.wish), till(calls.wish)] == [(200, 1), (200, 2)]
    with books_that_take_nothing():
        take_back(till, 1)
        take_back(till, 2)

    assert [till(calls.wish) for _ in range(3)] == [(200, 1), (200, 2), (409, None)]


def test_what_the_books_take_back_the_second_time_is_wished_for_no_more_often(till):
    till(calls.wish)
    with books_that_take_nothing():
        take_back(till, 1)
    till(calls.wish)
    take_back(till, 1)

    assert [till(calls.wish) for _ in range(3)] == [(200, 1), (200, 2), (409, None)]
