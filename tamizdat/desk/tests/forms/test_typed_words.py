"""What editors type by mistake is refused in a sentence where it is typed, and drafts are kept."""

from datetime import timedelta

import pytest
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tamizdat.desk.actions.articles import bring_in, publish
from tamizdat.desk.models import ArticlePage, FrontPage, Section, Topic
from tamizdat.desk.tests.forms.test_forms import newest, publish_from_list, send, shelf, typed
from tamizdat.lib import clock
from tamizdat.lib.visible import is_visible

BLANK = ["\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"]  # letters and a symbol to Unicode
UNSEEN = [*BLANK, "\u200b", "\u200d\u200c", "\u2060\ufeff", "\u00ad", "\u0301", "\u202e", "\ufe0f"]
SEEN = ["a", "7", "?", "👩‍👩‍👧", "می‌خواهم", "é", "€"]


@pytest.mark.parametrize("text", [*UNSEEN, "", " \n\t"])
def test_of_these_nothing_is_seen(text):
    assert not is_visible(text)


@pytest.mark.parametrize("text", SEEN)
def test_these_are_seen(text):
    assert is_visible(text + UNSEEN[0])


@pytest.mark.parametrize("button", ["action-publish", "save"])
@pytest.mark.parametrize("title", UNSEEN)
def test_a_headline_of_which_nothing_is_seen_is_refused(editor, courts, title, button):
    answer = send(editor, typed(courts, title=title, standfirst="Typed.") | {button: "x"})

    assert "Nothing of this can be seen" in str(answer.context["form"].errors["title"])
    assert "Typed." in answer.content.decode()
    assert newest() is None


def test_a_draft_of_old_with_such_a_headline_is_not_published(editor, draft):
    ArticlePage.objects.filter(pk=draft.pk).update(title="\u200b", draft_title="\u200b")
    draft.title = "\u200b"
    draft.save_revision(clean=False)

    page = publish_from_list(editor, draft)

    assert "has no headline that can be seen" in page.content.decode()
    assert not newest().live


@pytest.mark.parametrize("kind", ["section", "topic", "person"])
def test_nothing_has_a_name_that_cannot_be_seen(editor, desk, kind):
    sent = {"name": "\u200b", "slug": "x", "order": "1", "description": "", "kind": "reporter"}

    answer = editor.post(f"/desk/snippets/desk/{kind}/add/", sent)

    assert answer.context["form"].errors["name"]


def test_a_draft_is_kept_whose_time_with_readers_is_over(editor, draft):
    publish(draft)
    past = clock.now() - timedelta(days=1)
    ArticlePage.objects.update(expire_at=past, live=False, expired=True)
    row = draft.bylines.get()
    rows = inline_formset([{"id": row.pk, "person": row.person_id, "role": "by"}], initial=1)
    again = typed(draft.section, slug=draft.slug, title="Again", bylines=rows) | {
        "expire_at": f"{past:%Y-%m-%d %H:%M}"
    }

    assert send(editor, again, draft).status_code == 302
    assert newest().get_latest_revision_as_object().title == "Again"

    answer = send(editor, again | {"action-publish": "x"}, draft)
    assert "must be in the future" in str(answer.context["form"].errors["expire_at"])
    assert not newest().live


def test_a_draft_is_not_kept_that_ends_before_it_begins(editor, courts):
    begins, ends = clock.now() + timedelta(days=2), clock.now() - timedelta(days=1)
    times = {"go_live_at": f"{begins:%Y-%m-%d %H:%M}", "expire_at": f"{ends:%Y-%m-%d %H:%M}"}

    answer = send(editor, typed(courts) | times)

    assert answer.context["form"].errors["expire_at"]


@pytest.fixture
def persian(desk):
    """An article and a topic of another language."""
    locale = Locale.objects.get(language_code="fa")
    section = Section.objects.create(name="News", slug="news", locale=locale)
    article = ArticlePage(title="Persian story", section=section)
    bring_in(article, "fa", published=clock.now())
    return {"article": article, "topic": Topic.objects.create(name="River", locale=locale)}


@pytest.mark.parametrize("place", ["lead", "live_article", "seconds", "pinned_topics"])
@pytest.mark.parametrize("button", ["action-publish", "save"])
def test_a_front_page_takes_its_own_language_alone(editor, draft, persian, place, button):
    front = FrontPage.objects.get(locale__language_code="en")
    rows = {
        "seconds": [{"article": persian["article"].pk}],
        "pinned_topics": [{"topic": persian["topic"].pk}],
    }
    sent = {
        "lead": "", "live_line": "High water", "live_article": "", "seconds": inline_formset([]),
        "pinned_topics": inline_formset([]), "comments": inline_formset([]),
    }  # fmt: skip
    sent[place] = inline_formset(rows[place]) if place in rows else persian["article"].pk

    answer = editor.post(f"/desk/pages/{front.pk}/edit/", nested_form_data(sent) | {button: "x"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "is written in فارسی, and this page in English" in page
    assert "High water" in page
    assert not FrontPage.objects.get(pk=front.pk).latest_revision_id


def test_a_copy_has_a_title_that_is_seen(editor, draft):
    named = {"new_title": "\u200b", "new_slug": "again", "new_parent_page": shelf().pk}

    editor.post(f"/desk/pages/{draft.pk}/copy/", named)

    assert not ArticlePage.objects.filter(slug="again").exists()
