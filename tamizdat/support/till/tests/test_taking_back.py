"""A wish for a receipt that is taken back may be made again, whatever the books can note."""

import json
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count

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
    """Make a call of the counter about one contribution; return the answer's status and number."""
    settings.NEWSROOM = newsroom
    call_keys.make(newsroom.keys)
    draft = shop.begin("month")
    shop.pay(draft)
    headers = {"Authorization": call_keys.header(newsroom.keys, "counter")}

    def asked(call, name):
        body = json.dumps({"token": draft.token, "name": f"{name:032x}"})
        request = RequestFactory().post("/", body, content_type="application/json", headers=headers)
        answer = call(request)
        return answer.status_code, json.loads(answer.content).get("wish")

    return asked


@pytest.fixture
def wish(till):
    names = count(1)
    return lambda: till(calls.wish, next(names))


def take_back(till, name):
    with suppress(DatabaseError), transaction.atomic(using="till"):
        till(calls.unwish, name)


@pytest.mark.parametrize("failed", [1, 3])
@pytest.mark.parametrize("days", [0, 1])
def test_a_wish_that_the_books_cannot_take_back_is_made_again(
    till, wish, monkeypatch, days, failed
):
    for name in range(1, failed + 1):
        assert wish() == (200, 1)
        with books_that_take_nothing():
            take_back(till, name)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=days))

    answers = [wish() for _ in range(3)]

    assert answers == [(200, 1), (200, 2), (409, None)], "one wish, and one correction"


def test_both_wishes_that_the_books_cannot_take_back_are_made_again(till, wish):
    assert [wish(), wish()] == [(200, 1), (200, 2)]
    with books_that_take_nothing():
        take_back(till, 1)
        take_back(till, 2)

    assert [wish() for _ in range(3)] == [(200, 1), (200, 2), (409, None)]


def test_what_the_books_take_back_the_second_time_is_wished_for_no_more_often(till, wish):
    assert wish() == (200, 1)
    with books_that_take_nothing():
        take_back(till, 1)
    assert wish() == (200, 1)
    take_back(till, 2)

    assert [wish() for _ in range(3)] == [(200, 1), (200, 2), (409, None)]


def test_a_wish_that_is_taken_back_before_it_arrives_spends_nothing(till, wish):
    """The till was slow: the counter gave up, and its wish was still on the way."""
    take_back(till, 1)
    assert wish() == (409, None)

    assert [wish() for _ in range(3)] == [(200, 1), (200, 2), (409, None)]


def test_who_takes_back_what_nobody_wished_for_takes_nothing_away(till, wish):
    assert wish() == (200, 1)
    take_back(till, 7)

    assert [wish(), wish()] == [(200, 2), (409, None)]
