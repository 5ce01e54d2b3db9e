"""What a publication must not ask, however few articles there are: it would grow with them."""

import re
import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tamizdat.lib.newsroom import load
from tamizdat.press.build import site_fingerprint
from tamizdat.press.content import lists
from tamizdat.press.content.list_cache import PATIENCE, WORTH, ListCache


@pytest.fixture
def asked(newsdesk):
    """What one more article asks of the database when the press prints it."""
    courts = newsdesk.section("Courts", slug="courts")
    for number in range(4):
        newsdesk.article(f"Old news {number}", section=courts)
    newsdesk.plain("About the harbour")
    newsdesk.publish()
    newsdesk.article("One more", section=courts)
    with CaptureQueriesContext(connection) as queries:
        newsdesk.publish()
    return [query["sql"] for query in queries.captured_queries]


def test_a_publication_sorts_no_list_of_all_articles(asked):
    of_all = [sql for sql in asked if '"desk_articlepage"' in sql and not _is_of_some(sql)]
    listed = [sql for sql in of_all if sql.partition(" FROM ")[2].startswith('"desk_article')]

    assert not [sql for sql in listed if "ORDER BY" in sql]
    assert not [sql for sql in of_all if "DISTINCT" in sql]


def test_a_publication_finds_few_pages_without_the_page_tree(asked):
    of_few = [sql for sql in asked if re.search(r'FROM "desk_(plain|front)page" INNER JOIN', sql)]

    assert of_few
    assert all(_is_of_some(sql) for sql in of_few)


def test_a_long_list_is_not_read_whole_for_a_few_questions(newsdesk):
    from tamizdat.press.models import ListEntry
    from tests.newsdesk import START

    of = "section:en:1"
    length = WORTH * PATIENCE * 3
    ListEntry.objects.bulk_create(
        ListEntry(list=of, article=number, published=START, page=1)
        for number in range(1, length + 1)
    )
    list_cache = ListCache()
    with CaptureQueriesContext(connection) as queries:
        for page in range(PATIENCE * 2):  # what was asked before is answered from memory
            assert list_cache.neighbours(of, page) == lists.neighbours(of, page)
    assert len(queries) > PATIENCE * 2
    assert all("LIMIT" in query["sql"] or "COUNT" in query["sql"] for query in queries)


def test_a_newsroom_that_moved_is_not_printed_anew(newsdesk, own_newsroom, tmp_path_factory):
    there = tmp_path_factory.mktemp("elsewhere") / "newsroom"
    shutil.copytree(own_newsroom.folder, there, symlinks=True)

    assert site_fingerprint.fingerprint(load(there)) == site_fingerprint.fingerprint(own_newsroom)


def _is_of_some(sql):
    """Whether it is about articles or pages that are named by their numbers."""
    named = r'"(page_ptr_id|id|translation_key|place|lead_picture_id)" (IN \((?!SELECT)|= [\'\d])'
    return re.search(named, sql)
