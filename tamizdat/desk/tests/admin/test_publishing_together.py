"""What is published together from a list is counted as readers get it, and was looked at before."""

from datetime import timedelta

import pytest

from tamizdat.desk.actions.articles import bring_in, publish, translate
from tamizdat.desk.models import ArticleIndex, ArticlePage
from tamizdat.lib import clock

BULK = "/desk/bulk/wagtailcore/page/publish/?id={}"
BELOW = {"include_descendants": "on"}


def shelf():
    return ArticleIndex.objects.get(locale__language_code="en")


def said(answer):
    return " ".join(" ".join(str(each) for each in answer.context["messages"]).split())


@pytest.fixture
def held(draft):
    draft.go_live_at = clock.now() + timedelta(days=1)
    publish(draft)
    return draft


def test_what_stays_held_is_not_called_published(editor, held, courts):
    bring_in(ArticlePage(title="Another", section=courts), "en")

    answer = editor.post(BULK.format(shelf().pk), BELOW, follow=True)

    assert "1 page and 1 child page have been published; 1 below stays held" in said(answer)
    held.refresh_from_db()
    assert (held.live, held.approved_schedule) == (False, True)


def test_of_pages_that_all_stay_held_none_is_called_published(editor, held):
    answer = editor.post(BULK.format(shelf().pk), BELOW, follow=True)

    assert "1 page has been published; 1 below stays held for its time" in said(answer)


@pytest.fixture
def untouched(draft):
    publish(draft)
    return translate(draft, "ru")


def test_a_translation_that_nobody_has_touched_is_not_published(editor, untouched):
    answer = editor.post(BULK.format(untouched.pk), follow=True)

    assert "still says what its original says" in said(answer)
    untouched.refresh_from_db()
    assert not untouched.live


def test_a_translation_is_published(editor, untouched):
    untouched.title = "Суд отпустил четверых"
    untouched.save_revision()

    editor.post(BULK.format(untouched.pk), follow=True)

    untouched.refresh_from_db()
    assert untouched.live
