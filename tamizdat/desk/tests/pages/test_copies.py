"""A copy is a draft of its language with an address of its own, whoever copies what to where."""

import pytest
from wagtail.models import Locale, Page

from tamizdat.desk.actions.articles import bring_in_plain, publish
from tamizdat.desk.models import ArticleIndex, ArticlePage, FrontPage, PlainPage

EVERYTHING = {"publish_copies": "on", "alias": "on", "copy_subpages": "on"}


def copy(editor, page, **asked):
    named = {"new_title": "Again", "new_slug": "again", "new_parent_page": page.get_parent().pk}
    return editor.post(f"/desk/pages/{page.pk}/copy/", named | EVERYTHING | asked)


@pytest.fixture
def published(draft):
    publish(draft)
    return draft


@pytest.fixture
def about(desk):
    return bring_in_plain(PlainPage(title="About us", slug="about"), "en")


def copies_of(page):
    return type(page).objects.exclude(pk=page.pk)


def test_a_copy_of_what_readers_have_is_a_draft_at_no_address(editor, published):
    assert copy(editor, published).status_code == 302

    again = copies_of(published).get(slug="again")
    assert (again.live, again.place, again.alias_of, again.first_published_at) == (
        False, None, None, None,
    )  # fmt: skip
    assert again.body.get_prep_value() == published.body.get_prep_value()


def test_a_copy_of_an_imported_article_is_no_imported_one(editor, published):
    ArticlePage.objects.update(imported=True)

    copy(editor, published)

    assert not copies_of(published).get(slug="again").imported


def test_what_nobody_should_ask_for_is_not_offered(editor, published):
    page = editor.get(f"/desk/pages/{published.pk}/copy/").content.decode()

    assert 'name="new_slug"' in page
    assert not [name for name in EVERYTHING if f'name="{name}"' in page]


@pytest.mark.parametrize("slug", ["con", "lpt1", "a" * 121, "Four", "-", "two_words"])
def test_no_copy_has_a_name_that_a_draft_may_not_have(editor, published, slug):
    assert copy(editor, published, new_slug=slug).status_code == 200

    assert not copies_of(published).exists()


@pytest.mark.parametrize("slug", ["index", "archive", "person", "aux"])
def test_no_copy_of_a_plain_page_takes_an_address_of_the_edition(editor, about, slug):
    before = PlainPage.objects.count()

    assert copy(editor, about, new_slug=slug).status_code == 200

    assert PlainPage.objects.count() == before


def test_no_copy_stands_on_the_shelf_of_another_language(editor, published, about):
    for page, kind in ((published, ArticleIndex), (about, FrontPage)):
        russian = kind.objects.get(locale__language_code="ru")

        answer = copy(editor, page, new_parent_page=russian.pk)

        assert "use Translate for another language" in answer.content.decode()
    assert not Page.objects.filter(slug="again").exists()


@pytest.mark.parametrize("where", ["", "999999", "9" * 30, "-1", "x", "٣"])
def test_a_copy_to_nowhere_is_refused_in_words(editor, published, where):
    answer = copy(editor, published, new_parent_page=where)

    assert answer.status_code == 302
    said = editor.get(answer.url).content.decode()
    assert "Choose the page under which the copy goes." in said
    assert not copies_of(published).exists()


def test_a_language_has_one_front_page(editor, desk):
    front = FrontPage.objects.get(locale__language_code="en")
    before = FrontPage.objects.count()

    copy(editor, front, new_slug="en-again")
    added = editor.get(f"/desk/pages/add/desk/frontpage/{front.get_parent().pk}/")

    assert FrontPage.objects.count() == before == Locale.objects.count()
    assert added.status_code in (302, 403)


def test_a_copy_is_published_like_any_draft(editor, published):
    copy(editor, published)

    again = copies_of(published).get()
    publish(again)

    assert ArticlePage.objects.get(pk=again.pk).place.endswith("/again.html")
