"""What was withdrawn or deleted is in no table any more, not even in those that are no model's."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db import connection

from tamizdat.desk.actions import articles
from tamizdat.desk.names import actions

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_sqlite(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps dead rows until they are vacuumed, as the howto says")


def tables_with(word):
    """Return the names of the tables that hold a word, in whatever form they keep it."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in cursor.fetchall() if _holds(cursor, name, word)}


def searched(word):
    """Return the tables of the search that hold a word."""
    return {table for table in tables_with(word) if "wagtailsearch" in table}


def _holds(cursor, table, word):
    cursor.execute(f'SELECT * FROM "{table}"')
    values = (value for row in cursor.fetchall() for value in row if value is not None)
    return any(word in _bytes(value).lower() for value in values)


def _bytes(value):
    return value if isinstance(value, bytes) else str(value).encode()


def test_a_withdrawn_name_is_not_in_the_search(draft, ada, django_capture_on_commit_callbacks):
    articles.publish(draft)
    assert len(searched(b"holm")) > 1, "else this is no test"

    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(ada)

    assert tables_with(b"holm") == set()


def test_a_name_that_stood_in_a_text_is_not_in_the_search_either(
    draft, ada, django_capture_on_commit_callbacks
):
    draft.title = "Ada Holm let four go"
    articles.publish(draft)
    left = actions.withdraw(ada)
    draft.title = "The court let four go"
    articles.publish(draft)

    with django_capture_on_commit_callbacks(execute=True):
        actions.look_again(left.spellings)

    assert searched(b"holm") == set()


def test_the_words_of_a_deleted_article_are_gone_within_a_day(draft):
    from tamizdat.desk import tasks

    draft.standfirst = "About zeppelins."
    articles.publish(draft)
    draft.delete()

    tasks.sweep(NOON)

    assert tables_with(b"zeppelin") == set()
