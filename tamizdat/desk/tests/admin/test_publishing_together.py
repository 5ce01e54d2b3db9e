"""What is published together from a list is counted as readers get it, and was looked at before."""

from datetime import timedelta

import pytest

from tamizdat.desk.actions.articles import bring_in, publish, translate
from tamizdat.desk.models import ArticleIndex, ArticlePage
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import asked, newest, publish_from_list, send, typed
from tamizdat.desk.tests.pages.test_two_editors import at, opened
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

    answer = publish_from_list(editor, shelf(), **BELOW)

    assert "1 page and 1 child page have been published; 1 below stays held" in said(answer)
    held.refresh_from_db()
    assert (held.live, held.approved_schedule) == (False, True)


def test_of_pages_that_all_stay_held_none_is_called_published(editor, held):
    answer = publish_from_list(editor, shelf(), **BELOW)

    assert "1 page has been published; 1 below stays held for its time" in said(answer)


@pytest.fixture
def untouched(draft):
    publish(draft)
    return translate(draft, "ru")


@pytest.mark.parametrize("above", [False, True], ids=["chosen", "below what is chosen"])
def test_a_translation_that_nobody_has_touched_is_not_published(editor, untouched, above):
    chosen, more = (untouched.get_parent(), BELOW) if above else (untouched, {})

    answer = publish_from_list(editor, chosen, **more)

    assert "still says what its original says: “The court let four go” (Русский)" in said(answer)
    untouched.refresh_from_db()
    assert not untouched.live


@pytest.mark.parametrize("above", [False, True], ids=["chosen", "below what is chosen"])
def test_an_original_is_published_although_its_translation_is_untouched(editor, draft, above):
    translate(draft, "ru")
    chosen, more = (shelf(), BELOW) if above else (draft, {})

    publish_from_list(editor, chosen, **more)

    draft.refresh_from_db()
    assert draft.live


def test_a_translation_is_published(editor, untouched):
    untouched.title = "Суд отпустил четверых"
    untouched.save_revision()

    publish_from_list(editor, untouched)

    untouched.refresh_from_db()
    assert untouched.live


@pytest.fixture
def ready(reporter, courts):
    send(reporter, typed(courts, title="Ready words"))
    return newest()


@pytest.mark.parametrize("headers", [{}, {"accept": "application/json"}])
@pytest.mark.parametrize("above", [False, True], ids=["chosen", "below what is chosen"])
def test_what_goes_out_is_what_was_there_when_it_was_asked(editor, reporter, ready, headers, above):
    chosen, more = (shelf(), BELOW) if above else (ready, {})
    form = asked(editor, chosen)
    reporter.post(at(ready), opened(reporter, ready) | {"title": "Other words"}, headers=headers)

    answer = editor.post(BULK.format(chosen.pk), form | more, follow=True)

    assert "Ines Orlet saved a newer version of “Other words”" in said(answer)
    assert not newest().live
    publish_from_list(editor, chosen, **more)
    assert newest().title == "Other words"


def test_a_draft_that_is_kept_by_itself_in_the_same_version_is_another(editor, reporter, ready):
    form = opened(reporter, ready)
    by_itself = {"headers": {"accept": "application/json"}}
    version = reporter.post(at(ready), form, **by_itself).json()["revision_id"]
    looked_at = asked(editor, ready)
    switched = form | {"title": "Switched", "overwrite_revision_id": version}
    assert reporter.post(at(ready), switched, **by_itself).json()["revision_id"] == version

    editor.post(BULK.format(ready.pk), looked_at)

    assert not newest().live


@pytest.mark.parametrize("above", [False, True], ids=["chosen", "below what is chosen"])
def test_what_a_colleague_took_from_readers_meanwhile_is_not_published_again(editor, draft, above):
    publish(draft)
    draft.title = "Other words"
    draft.save_revision()
    chosen, more = (shelf(), BELOW) if above else (draft, {})
    form = asked(editor, chosen)
    signed_in("Vera Lind", "editor").post(f"/desk/pages/{draft.pk}/unpublish/", {})

    answer = editor.post(BULK.format(chosen.pk), form | more, follow=True)

    assert "Vera Lind took “Other words” from readers" in said(answer)
    assert "newer version" not in said(answer)
    assert not newest().live
    publish_from_list(editor, chosen, **more)
    assert newest().live


def test_what_readers_got_meanwhile_as_it_was_is_no_conflict(editor, ready):
    form = asked(editor, ready)
    ready.get_latest_revision().publish()

    answer = editor.post(BULK.format(ready.pk), form, follow=True)

    assert "1 page has been published" in said(answer)


def test_who_was_asked_nothing_publishes_nothing(editor, ready):
    answer = editor.post(BULK.format(ready.pk), follow=True)

    assert "Nothing was published" in said(answer)
    assert not newest().live
