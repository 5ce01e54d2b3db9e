"""What a large archive must not make slow at the desk. Each was seconds or minutes somewhere once.

With many articles time is judged, generously: these are cliffs, not races. With few, that nothing
is asked whose cost grows with the archive.
"""

from datetime import timedelta

import pytest
from django.db import connection

from tests.soak.conftest import MANY

pytestmark = pytest.mark.django_db


def test_a_common_word_is_found_at_once(editor, at_ease):
    """On SQLite the CMS's own search ranks each match by a query over all matches.

    Beside the table of what is indexed it looks for the word once for every row of it.
    """
    with at_ease() as asked:
        found = articles_in(editor.get("/desk/articles/?q=a"))

    assert found
    if connection.vendor == "sqlite":
        assert found == sorted(found, reverse=True)
        assert looked_for_once(asked)


def test_a_common_word_is_found_when_an_article_is_chosen(editor, at_ease):
    with at_ease() as asked:
        page = editor.get("/desk/choose-page/search/?q=a&page_type=desk.articlepage")

    assert list(page.context["pages"])
    assert connection.vendor != "sqlite" or looked_for_once(asked)


@pytest.mark.parametrize(
    "address",
    [
        "/desk/",
        "/desk/articles/",
        "/desk/articles/?ordering=title",
        "/desk/articles/?ordering=-title&p=2",
        "/desk/choose-page/?page_type=desk.articlepage",
        "/desk/pages/",
        "/desk/reports/site-history/",
    ],
)
def test_the_lists_of_the_desk_open_at_once(editor, at_ease, address):
    with at_ease() as asked:
        page = editor.get(address)

    assert page.status_code == 200
    assert asked.count <= 110


def test_the_last_page_of_all_articles_opens_at_once(editor, at_ease, archive):
    last = -(-archive.articles // 50)
    with at_ease(seconds=15) as asked:
        page = editor.get(f"/desk/articles/?p={last}&ordering=title")

    assert page.status_code == 200
    assert asked.count <= 110


@pytest.mark.parametrize("view", ["edit", "history"])
def test_an_article_of_very_many_versions_opens_at_once(editor, at_ease, archive, view):
    """The CMS keeps every version for ever: a live text is saved some hundred times a day."""
    article = many_versions(2_000 if archive.articles >= MANY else 60)
    with at_ease() as asked:
        page = editor.get(f"/desk/pages/{article.pk}/{view}/")

    assert page.status_code == 200
    assert asked.count <= 130


def test_to_keep_a_draft_asks_nothing_of_the_whole_index(archive, at_ease):
    """The CMS takes the average length of all titles at each save: it reads the whole index."""
    article = an_article()
    article.title = "A bridge was closed"
    with at_ease() as asked:
        article.save_revision(clean=False)
        article.save()

    assert asked.like("index_entries") or asked.like("indexentry")
    assert not asked.like("AVG(")


def test_a_renamed_section_takes_its_articles_along(archive, at_ease):
    """The CMS wrote a redirect for every page below: no address of ours holds its section."""
    section = an_article().section
    section.name, section.slug = "Tribunals", "tribunals"
    with at_ease() as asked:
        section.save()

    assert asked.count <= 20
    assert not asked.like("redirect")
    assert section.slug not in an_article().place


def test_a_name_is_looked_for_in_one_reading_of_each_table(editor, at_ease):
    from tamizdat.desk.models import Byline

    person = Byline.objects.order_by("pk")[0].person
    with at_ease(seconds=60) as asked:
        page = editor.get(f"/desk/names/{person.pk}/withdraw/")

    assert page.status_code == 200
    readings = asked.like('FROM "desk_articlepage"', "LIKE")
    assert len(readings) <= 1 or connection.vendor == "postgresql"


def test_a_quiet_minute_costs_nothing(archive, at_ease):
    """Dead files of pictures are looked for once a day: it reads the whole library."""
    from tamizdat.desk.tasks import sweep
    from tamizdat.lib import clock

    at = clock.now()
    sweep(at)
    with at_ease() as asked:
        sweep(at)

    assert not asked.like("digest")
    assert asked.count <= 5


def many_versions(times):
    """An article that was saved so often."""
    from wagtail.models import Revision

    article = an_article()
    kept = article.save_revision(clean=False)
    fields = ("content_type", "base_content_type", "object_id", "content", "object_str")
    said = {name: getattr(kept, name) for name in fields}
    before = (kept.created_at - timedelta(minutes=n) for n in range(1, times))
    Revision.objects.bulk_create(Revision(created_at=at, **said) for at in before)
    return article


def looked_for_once(asked):
    """Whether words were looked for by queries of their own, and nothing was ranked."""
    searches = asked.like("indexentry_fts")
    return searches and not any("bm25" in sql or '_fts" U0 INNER' in sql for sql in searches)


def an_article():
    """Somewhere in the middle of the archive, in English."""
    from tamizdat.desk.models import ArticlePage

    english = ArticlePage.objects.filter(locale__language_code="en").exclude(section=None)
    return english.order_by("pk")[20]


def articles_in(page):
    assert page.status_code == 200
    return [article.pk for article in page.context["object_list"]]
