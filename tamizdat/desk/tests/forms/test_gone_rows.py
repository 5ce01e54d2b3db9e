"""A row that somebody deleted and published meanwhile comes back with the form that holds it."""

import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tamizdat.desk.models import ArticlePage, FrontPage
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import newest, send, typed
from tamizdat.desk.tests.pages.test_two_editors import HIDDEN, at
from tests.at_the_desk import form_of

LISTS = ("bylines", "corrections", "pins", "seconds", "pinned_topics")


@pytest.fixture
def vera(desk, demonstration):
    return signed_in("Vera Lind", "editor")


@pytest.fixture(params=LISTS)
def case(request, editor, courts, ada):
    """A published page with one row, and what that row says in a form."""
    send(editor, typed(courts) | {"action-publish": "x"})
    article = newest()
    name = request.param
    row = {
        "bylines": lambda: {"person": ada.pk, "role": "by"},
        "corrections": lambda: {"at": "2026-11-30 08:00", "text": "It was five."},
        "pins": lambda: {"article": article.pk},
        "seconds": lambda: {"article": article.pk},
        "pinned_topics": lambda: {"topic": request.getfixturevalue("topic").pk},
    }[name]()
    if name in ("seconds", "pinned_topics"):
        page = FrontPage.objects.get(locale__language_code="en")
    else:
        page = article
    return Case(page, name, row)


@pytest.fixture
def topic(courts):
    from tamizdat.desk.models import Topic

    return Topic.objects.create(name="Water", slug="water", locale=courts.locale)


class Case:
    def __init__(self, page, name, row):
        self.page, self.name, self.row = page, name, row

    def now(self):
        return type(self.page).objects.get(pk=self.page.pk)

    def rows(self):
        return getattr(self.now(), self.name)

    def version(self):
        return getattr(self.now().get_latest_revision_as_object(), self.name)

    def form(self, html, where, rows, initial):
        there = form_of(html, where)
        if isinstance(self.page, ArticlePage):
            there = typed(self.page.section, slug=self.page.slug) | {
                key: there[key] for key in (*HIDDEN, "title", "kicker") if key in there
            }
        return there | nested_form_data({self.name: inline_formset(rows, initial=initial)})

    def opened(self, browser, rows, initial, where=""):
        where = where or at(self.page)
        return self.form(browser.get(where).content.decode(), where, rows, initial)

    def publish(self, browser, rows, initial):
        form = self.opened(browser, rows, initial)
        answer = browser.post(at(self.page), form | {"action-publish": "x"})
        assert answer.status_code == 302, answer.context["form"].errors

    def given(self, editor):
        """Put the row in, and return it as a form sends it; the newest version knows its key."""
        self.publish(editor, [{"id": "", **self.row}], 0)
        row = {"id": self.rows().get().pk, **self.row}
        self.publish(editor, [row], 1)
        return row

    def taken(self, browser, row):
        self.publish(browser, [row | {"DELETE": "on"}], 1)
        assert not self.rows().exists()


@pytest.mark.parametrize("button", [pytest.param("", marks=pytest.mark.soak), "action-publish"])
def test_the_later_one_saves_again_and_has_it_back(editor, vera, case, button):
    row = case.given(editor)
    mine = case.opened(editor, [row], 1)
    case.taken(vera, row)
    pressed = {button: "x"} if button else {}

    told = editor.post(at(case.page), mine | pressed)
    assert told.status_code == 409
    again = case.form(told.content.decode(), at(case.page), [row], 1)

    assert editor.post(at(case.page), again | pressed).status_code == 302
    assert case.version().count() == 1
    assert case.rows().count() == bool(button)


def test_an_older_version_is_restored_with_it(editor, vera, case):
    row = case.given(editor)
    version = case.now().latest_revision_id
    case.taken(vera, row)
    back = f"/desk/pages/{case.page.pk}/revisions/{version}/revert/"
    shown = editor.get(back).context["form"].formsets[case.name].forms[0]
    row = row | {"id": shown["id"].value() or ""}

    form = case.opened(editor, [row], 1, back)
    answer = editor.post(back, form | {"action-publish": "x"})

    assert answer.status_code == 302
    assert case.rows().count() == 1


def test_it_is_in_the_preview(editor, vera, case):
    row = case.given(editor)
    mine = case.opened(editor, [row], 1)
    case.taken(vera, row)

    answer = editor.post(f"{at(case.page)}preview/", mine)

    assert answer.json()["is_valid"]


def test_a_comment_that_was_deleted_stays_deleted(editor, courts):
    send(editor, typed(courts))
    gone = {
        "id": 4711,
        "text": "Sure?",
        "contentpath": "title",
        "position": "",
        "replies": inline_formset([]),
    }
    form = typed(courts, slug=newest().slug, comments=inline_formset([gone], initial=1))

    assert send(editor, form, newest()).status_code == 302
    assert not newest().wagtail_admin_comments.exists()
