"""What a large archive must not make slow at the desk. Each was minutes somewhere once."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_common_word_is_found_newest_first(editor, at_ease):
    """On SQLite the CMS's own search ranks each match by a query over all matches."""
    with at_ease() as asked:
        found = articles_in(editor.get("/desk/articles/?q=a"))

    assert found
    assert found == sorted(found, reverse=True)
    assert not asked.like("bm25", "ORDER BY")


def articles_in(page):
    assert page.status_code == 200
    return [article.pk for article in page.context["object_list"]]
