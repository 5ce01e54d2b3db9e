"""A damaged index of the search is not the database's damage, and is made anew."""

import sqlite3
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from wagtail.search.backends import get_search_backend

from tamizdat.desk import tasks
from tamizdat.desk.actions import articles
from tamizdat.desk.models import ArticlePage
from tamizdat.desk.searching import damage
from tamizdat.lib import alerts
from tamizdat.lib.database_trouble import is_of_an_index, trouble
from tests.superuser import sign_in_superuser

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
INDEX = "wagtailsearch_indexentry_fts"
STRUCTURE = 10  # rows up to this one say how the index is built; the others hold it


@pytest.fixture(autouse=True)
def on_sqlite(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's index of the search is its own")
    yield
    alerts.clear(settings.NEWSROOM.data, damage.ALERT.key)


@pytest.fixture
def damaged(draft):
    """An article that is in the index, and the index damaged."""
    articles.publish(draft)
    with transaction.atomic(), connection.cursor() as cursor:  # its beginning writes the index
        cursor.execute(f"DELETE FROM {INDEX}_data WHERE id > {STRUCTURE}")
    return draft


def found(word):
    return [page.pk for page in get_search_backend().search(word, ArticlePage.objects.all())]


def is_told():
    return damage.ALERT.key in {each.key for each in alerts.standing(settings.NEWSROOM.data)}


def test_who_searches_tells_it_and_the_worker_makes_the_index_anew(damaged):
    word = damaged.title.split()[0]
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        found(word)
    assert is_of_an_index(error.value)
    assert trouble(error.value) is None  # of the database
    assert is_told()

    tasks.sweep(NOON)

    assert found(word) == [damaged.pk]
    assert not is_told()


def test_whoever_searches_at_the_desk_is_asked_to_come_back(damaged, client, settings):
    sign_in_superuser(client, settings)
    client.raise_request_exception = False

    said = client.get("/desk/pages/search/", {"q": damaged.title.split()[0]})

    assert said.status_code == 503
    assert said["Retry-After"]


def test_nothing_is_made_anew_where_nobody_met_damage(damaged, monkeypatch):
    monkeypatch.setattr(damage, "_make_anew", lambda: pytest.fail("it was made anew"))

    damage.mend(NOON)


class _Connection:
    def __init__(self, *, in_atomic_block):
        self.in_atomic_block = in_atomic_block


@pytest.mark.parametrize("in_a_transaction", [False, True])
def test_who_writes_makes_it_anew_but_not_within_a_transaction(monkeypatch, in_a_transaction):
    done = []

    def write():
        done.append("write")
        if len(done) == 1:
            cause = sqlite3.DatabaseError()
            cause.sqlite_errorcode = sqlite3.SQLITE_CORRUPT_VTAB
            raise DatabaseError from cause

    monkeypatch.setattr(damage, "connection", _Connection(in_atomic_block=in_a_transaction))
    monkeypatch.setattr(damage, "_make_anew", lambda: done.append("anew"))

    with pytest.raises(DatabaseError) if in_a_transaction else nullcontext():
        damage.written(write)

    assert done == (["write"] if in_a_transaction else ["write", "anew", "write"])
