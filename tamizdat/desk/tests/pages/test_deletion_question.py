"""What is deleted is what somebody was asked about."""

import pytest
from wagtail.models import Page

from tamizdat.desk.actions.articles import publish
from tamizdat.desk.models import ArticlePage
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import newest, send, typed
from tamizdat.desk.tests.pages.test_two_editors import at, opened, sent
from tests.at_the_desk import form_of

WAYS = pytest.mark.parametrize(
    "way",
    ["/desk/pages/{}/delete/", "/desk/bulk/wagtailcore/page/delete/?id={}"],
    ids=["alone", "together"],
)
ROWS = pytest.mark.parametrize(
    "way",
    ["/desk/{at}/delete/{pk}/", "/desk/bulk/desk/{kind}/delete/?id={pk}"],
    ids=["alone", "together"],
)


@pytest.fixture
def vera(desk, demonstration):
    return signed_in("Vera Lind", "editor")


@pytest.fixture
def written(editor, courts):
    send(editor, typed(courts, title="Ready words"))
    return newest()


def asked(browser, address):
    return form_of(browser.get(address).content.decode(), address)


def said(answer):
    return " ".join(str(each) for each in answer.context["messages"])


def saved(vera, article):
    sent(vera, article, opened(vera, article), "Vera's words")
    return "Vera Lind saved a newer version of “Vera&#x27;s words”"


def saved_by_itself(vera, article):
    form = opened(vera, article) | {"title": "Vera's words"}
    vera.post(at(article), form, headers={"accept": "application/json"})
    return "Vera Lind saved a newer version of “Vera&#x27;s words”"


def published(vera, article):
    question = f"/desk/bulk/wagtailcore/page/publish/?id={article.pk}"
    vera.post(question, asked(vera, question))
    assert newest().live
    return "Vera Lind published “Ready words”"


@WAYS
@pytest.mark.parametrize("act", [saved, saved_by_itself, published])
def test_what_a_colleague_did_since_is_not_deleted_unread(editor, vera, written, way, act):
    question = way.format(written.pk)
    yes = asked(editor, question)
    told = act(vera, written).replace("&#x27;", "'")

    answer = editor.post(question, yes, follow=True)

    assert ArticlePage.objects.filter(pk=written.pk).exists()
    assert told in said(answer)
    editor.post(question, asked(editor, question))
    assert not ArticlePage.objects.filter(pk=written.pk).exists()


@WAYS
def test_what_nobody_changed_is_deleted(editor, written, way):
    question = way.format(written.pk)

    editor.post(question, asked(editor, question) | {"next": "/desk/"})

    assert not Page.objects.filter(pk=written.pk).exists()


def test_the_page_that_asks_says_where_it_goes_on_and_what_else_can_be_done(editor, draft):
    publish(draft)
    question = f"/desk/pages/{draft.pk}/delete/"

    page = editor.get(f"{question}?next=/desk/").content.decode()

    assert f'href="/desk/pages/{draft.pk}/unpublish/"' in page
    assert form_of(page, question)["next"] == "/desk/"


@pytest.fixture(params=["person", "picture"])
def row(request, ada, bridge):
    return {"person": ada, "picture": bridge}[request.param]


def addresses(row, way):
    kind = type(row).__name__.lower()
    edit = {"person": "snippets/desk/person/edit/{pk}/", "picture": "images/{pk}/"}[kind]
    if kind == "picture":
        way = way.replace("/{at}/delete/{pk}/", "/images/{pk}/delete/")
    question = way.format(at=f"snippets/desk/{kind}", kind=kind, pk=row.pk)
    return question, "/desk/" + edit.format(pk=row.pk)


@ROWS
def test_a_row_that_a_colleague_changed_since_is_not_deleted_unread(editor, vera, row, way):
    question, edit = addresses(row, way)
    yes = asked(editor, question)
    change = {"title": "Vera's words"}
    assert vera.post(edit, asked(vera, edit) | change).status_code == 302

    answer = editor.post(question, yes, follow=True)

    assert type(row).objects.filter(pk=row.pk).exists()
    assert "Vera Lind changed “" in said(answer)
    editor.post(question, asked(editor, question))
    assert not type(row).objects.filter(pk=row.pk).exists()
