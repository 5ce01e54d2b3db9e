"""What an editor finds at the desk, on either database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, Not, Phrase, PlainText

from tests.newsdesk import NewsDesk

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(newsroom):
    """Three articles, the oldest first."""
    desk = NewsDesk(newsroom)
    return [
        desk.article("Ferry bell found under the customs house"),
        desk.article("The customs office is shut", standfirst="A ferry waits."),
        desk.article("Bread by the gram"),
    ]


@pytest.fixture
def found(archive):
    """The headlines that answer a question."""
    from tamizdat.desk.models import ArticlePage

    def _found(asked, *, begin=False, **options):
        search = get_search_backend()
        ask = search.autocomplete if begin else search.search
        return [article.title for article in ask(asked, ArticlePage.objects.all(), **options)]

    return _found


def test_a_word_is_found_in_headline_and_standfirst(found):
    ferry = ["Ferry bell found under the customs house", "The customs office is shut"]

    assert sorted(found("ferry")) == ferry
    assert found("zeppelin") == []


def test_what_is_found_on_sqlite_comes_newest_first_or_as_it_was_sorted(found):
    from tamizdat.desk.models import ArticlePage

    newest_first = ["The customs office is shut", "Ferry bell found under the customs house"]
    by_title = ArticlePage.objects.order_by("title")

    assert connection.vendor != "sqlite" or found("customs") == newest_first
    listed = get_search_backend().search("customs", by_title, order_by_relevance=False)
    assert [article.title for article in listed] == newest_first[::-1]


def test_the_beginning_of_a_word_is_enough_where_an_article_is_chosen(found):
    assert found("bre", begin=True) == ["Bread by the gram"]
    assert found("gra", begin=True) == ["Bread by the gram"]


def test_words_phrases_and_their_absence(found):
    assert found(PlainText("customs ferry", operator="and"), order_by_relevance=False)
    assert found(Phrase("customs house")) == ["Ferry bell found under the customs house"]
    assert found(~PlainText("customs")) == ["Bread by the gram"]
    assert len(found(MATCH_ALL)) == 3
    assert found(Not(MATCH_ALL)) == []


@pytest.mark.parametrize(
    "asked", ['"', "' OR 1=1 --", "(", "NEAR(", "title:zeppelin", "^", "100%", "%(z)s", " ", "\\"]
)
def test_a_strange_question_finds_nothing_and_breaks_nothing(found, asked):
    assert found(asked) == []
    assert found(asked, begin=True) == []


def test_quotation_marks_and_dashes_part_words(found):
    assert found("bread - by the gram") == ["Bread by the gram"]
    assert found("bread " * 600) == ["Bread by the gram"]
    assert found('"bread"') == ["Bread by the gram"]
    assert found('bread "by the" gram') == ["Bread by the gram"]


def test_on_sqlite_words_are_looked_for_once(found):
    """Beside the table of what is indexed they would be looked for at each of its rows."""
    with CaptureQueriesContext(connection) as queries:
        found("ferry")
        found("fer", begin=True)

    searches = [one["sql"] for one in queries.captured_queries if "indexentry" in one["sql"]]
    assert len(searches) == 2
    if connection.vendor == "sqlite":
        assert all('indexentry_fts" U0 WHERE' in sql for sql in searches)
