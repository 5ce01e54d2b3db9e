"""Of two editors of one row the later one is told, loses nothing, and decides."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import get_resolver
from wagtail.admin.views.generic.models import EditView

from tamizdat.desk.forms.row_conflicts import EditRow, OneAfterTheOther
from tamizdat.desk.models import Picture
from tamizdat.desk.pictures import picture_form
from tamizdat.desk.tests.conftest import photo, signed_in
from tamizdat.desk.tests.in_that_instant import meanwhile
from tamizdat.lib import pictures
from tamizdat.lib.pictures import PictureError
from tests import taken_in
from tests.at_the_desk import form_of

ROWS = {
    "section": ("name", "description"),
    "topic": ("name", "description"),
    "person": ("name", "about"),
    "picture": ("credit", "title"),
    "appeal": ("heading", "message"),
}
#: Folders of pictures, which only administrators name; the other two are closed.
ADMINISTRATORS = {"desk/collections/", "desk/locales/", "desk/sites/"}


@pytest.fixture
def vera(desk, demonstration):
    return signed_in("Vera Lind", "editor")


@pytest.fixture(params=ROWS)
def row(request, editor, vera, courts, ada, bridge):
    """A row of each kind, where it is edited, and two fields of its form."""
    kind = request.param
    if kind == "picture":
        return bridge, f"/desk/images/{bridge.pk}/", *ROWS[kind]
    found = {"section": courts, "person": ada}.get(kind) or made(kind, courts.locale)
    label = type(found)._meta.app_label
    if kind == "appeal":  # which only administrators edit
        User.objects.update(is_superuser=True)
    return found, f"/desk/snippets/{label}/{kind}/edit/{found.pk}/", *ROWS[kind]


def made(kind, locale):
    from django.apps import apps

    if kind == "topic":
        return apps.get_model("desk", "Topic").objects.create(name="Bridges", locale=locale)
    words = dict.fromkeys(("strip", "heading", "message", "safe_heading", "safe_message"), "Ours.")
    kept = apps.get_model("support", "Appeal").objects
    return kept.update_or_create(language="en", defaults=words | {"declaration": "I do."})[0]


def opened(browser, at):
    return form_of(browser.get(at).content.decode(), at)


def test_the_later_one_is_told_loses_nothing_and_decides(editor, vera, row):
    found, at, hers, his = row
    first, mine = opened(vera, at), opened(editor, at)
    assert vera.post(at, first | {hers: "Vera's words"}).status_code == 302

    told = editor.post(at, mine | {his: "Nora's words"})

    found.refresh_from_db()
    assert getattr(found, hers) == "Vera's words"
    assert told.status_code == 409
    page = told.content.decode()
    assert "Vera Lind saved this" in page
    assert "Nothing of yours was saved" in page
    assert "Vera&#x27;s words" in page
    again = form_of(page, at)
    assert again[his].strip() == "Nora's words"
    assert editor.post(at, again).status_code == 302
    found.refresh_from_db()
    assert getattr(found, his) == "Nora's words"
    assert getattr(found, hers) != "Vera's words"


def test_a_third_version_is_told_too(editor, vera, row):
    _, at, hers, his = row
    mine = opened(editor, at)
    vera.post(at, opened(vera, at) | {hers: "Vera's words"})
    told = form_of(editor.post(at, mine | {his: "Nora's words"}).content.decode(), at)
    vera.post(at, opened(vera, at) | {hers: "Vera's later words"})

    answer = editor.post(at, told)

    assert answer.status_code == 409
    assert "Vera&#x27;s later words" in answer.content.decode()


def test_one_editor_alone_goes_on_and_on(editor, row):
    found, at, name, _ = row
    for number in range(3):
        assert editor.post(at, opened(editor, at) | {name: f"Words {number}"}).status_code == 302
    found.refresh_from_db()
    assert getattr(found, name) == "Words 2"


def test_a_program_that_names_no_version_saves_as_before(editor, vera, row):
    found, at, hers, his = row
    mine = opened(editor, at)
    vera.post(at, opened(vera, at) | {hers: "Vera's words"})
    del mine["began_with"]

    assert editor.post(at, mine | {his: "By hand"}).status_code == 302
    found.refresh_from_db()
    assert getattr(found, his) == "By hand"


def test_a_mistake_does_not_make_an_old_form_a_new_one(editor, vera, row):
    _, at, hers, his = row
    mine = opened(editor, at)
    wrong = editor.post(at, mine | {hers: ""})
    assert wrong.status_code == 200
    vera.post(at, opened(vera, at) | {hers: "Vera's words"})

    answer = editor.post(at, form_of(wrong.content.decode(), at) | {his: "Nora's words"})

    assert answer.status_code == 409


@pytest.fixture
def cleaned(monkeypatch):
    """Say of each file that is cleaned whether a transaction was open; it is cleaned only once."""
    open_then = []

    def _clean(sent):
        open_then.append(connection.in_atomic_block)
        if sent.name == "none.jpg":
            raise PictureError("This is no picture.")
        return taken_in._clean(sent.read())

    monkeypatch.setattr(picture_form, "clean", _clean)
    monkeypatch.setattr(pictures, "renditions", taken_in._renditions)
    return open_then


def file(name):
    return SimpleUploadedFile(name, photo(), "image/jpeg")


def test_a_file_that_a_colleague_chose_meanwhile_is_not_lost(editor, bridge, cleaned):
    at = f"/desk/images/{bridge.pk}/"
    mine = opened(editor, at)
    Path(bridge.file.path).with_name("blurred.jpg").write_bytes(photo())
    Picture.objects.filter(pk=bridge.pk).update(file="original_images/blurred.jpg")

    told = editor.post(at, mine | {"file": file("bright.jpg")})

    bridge.refresh_from_db()
    assert (told.status_code, bridge.file.name) == (409, "original_images/blurred.jpg")
    page = told.content.decode()
    assert "File: another file" in page
    assert "The file that you chose was not kept" in page
    assert editor.post(at, form_of(page, at) | {"file": file("bright.jpg")}).status_code == 302
    bridge.refresh_from_db()
    assert bridge.file.name != "original_images/blurred.jpg"


def test_a_file_is_cleaned_before_the_row_is_held(
    transactional_db, desk, bridge, cleaned, demonstration
):
    """That takes seconds, in which nobody could save anything on SQLite."""
    editor, at = signed_in("Nora Keld", "editor"), f"/desk/images/{bridge.pk}/"

    for name in ("bridge.jpg", "none.jpg"):
        editor.post(at, opened(editor, at) | {"file": file(name)})

    assert cleaned == [False, False]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_in_the_same_instant_the_later_one_is_told(
    monkeypatch, courts, editor, vera
):
    """The section comes first: its publication reads the settings again, before they are ours."""
    at = f"/desk/snippets/desk/section/edit/{courts.pk}/"
    mine, theirs, answers = opened(editor, at), opened(vera, at), []
    sent = theirs | {"description": "Vera's words"}
    wait = meanwhile(
        monkeypatch, EditRow, "_go_on", lambda: answers.append(vera.post(at, sent).status_code)
    )

    answers.append(editor.post(at, mine | {"name": "Nora's words"}).status_code)
    wait()

    courts.refresh_from_db()
    assert sorted(answers) == [302, 409]
    assert (courts.name, courts.description) == ("Nora's words", "")


def test_nobody_is_named_for_what_they_did_not_do(editor, courts):
    at = f"/desk/snippets/desk/section/edit/{courts.pk}/"
    editor.post(at, opened(editor, at) | {"name": "Nora's words"})
    mine = opened(editor, at)
    courts.description = "A program's words"
    courts.name = "Nora's words"
    courts.save()

    page = editor.post(at, mine | {"name": "Nora's later words"}).content.decode()

    assert "This was changed after you had opened it." in page
    assert "Nora Keld saved" not in page


def test_who_withdrew_a_name_is_named(editor, vera, ada, bridge):
    at = f"/desk/images/{bridge.pk}/"
    bridge.credit = "Ada Holm / Agency"
    bridge.save()
    editor.post(at, opened(editor, at) | {"title": "By Nora"})
    mine = opened(editor, at)
    vera.post(f"/desk/names/{ada.pk}/withdraw/", {"also": "", "withdraw": "x"})

    page = editor.post(at, mine | {"title": "By Nora again"}).content.decode()

    assert "Vera Lind saved this" in page
    assert "Credit: The newsroom / Agency" in page


def test_every_form_of_a_row_is_so(desk):
    """Pages and issues have pages of their own; what is new here is an editor's, or is named."""
    others = {
        at.partition("edit/")[0].partition("<")[0]
        for at, view in edits(get_resolver())
        if not issubclass(view, OneAfterTheOther)
    }

    assert others == ADMINISTRATORS


def edits(resolver, before=""):
    for each in resolver.url_patterns:
        at = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from edits(each, at)
        elif (view := view_class(each.callback)) and issubclass(view, EditView):
            yield at, view


def view_class(callback):
    while callback is not None and not hasattr(callback, "view_class"):
        callback = getattr(callback, "__wrapped__", None)
    return callback and callback.view_class
