"""Support as staff see it: the words, their preview, and this month's rounded sums."""

import json
from dataclasses import replace

import pytest

from tamizdat.support.appeals import published
from tamizdat.support.tests.counter.test_giving import give
from tests.superuser import sign_in_superuser

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])
LIST = "/desk/snippets/support/appeal/"


@pytest.fixture
def editor(db, client, settings):
    return sign_in_superuser(client, settings)


@pytest.fixture
def appeal(newsroom):
    from tamizdat.support.actions import lay_out_support
    from tamizdat.support.models import Appeal

    lay_out_support(newsroom)
    lay_out_support(newsroom)
    return Appeal.objects.get(language="ru")


def form(appeal, **changes):
    names = ("strip", "heading", "message", "signed", "safe_heading", "safe_message", "declaration")
    return {**{name: getattr(appeal, name) for name in names}, **changes}


def test_there_is_one_ask_in_each_language(appeal):
    from tamizdat.support.models import Appeal

    assert list(Appeal.objects.values_list("language", flat=True)) == ["en", "ru", "uk", "fa"]


def test_an_editor_changes_the_words_and_pages_and_counter_learn_of_it(
    editor, appeal, newsroom, django_capture_on_commit_callbacks
):
    from tamizdat.press import parts

    heard = []
    parts.listen(heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        answer = editor.post(f"{LIST}edit/{appeal.pk}/", form(appeal, heading="Новый заголовок"))

    appeal.refresh_from_db()
    assert answer.status_code == 302, answer.content.decode()
    assert appeal.heading == "Новый заголовок"
    assert "support" in heard
    assert published.read("ru").heading == "Новый заголовок"


def test_nobody_adds_or_deletes_an_ask(editor, appeal):
    assert editor.get(LIST).status_code == 200
    assert editor.get(f"{LIST}add/").status_code in (302, 403, 404)
    editor.post(f"{LIST}delete/{appeal.pk}/")

    appeal.refresh_from_db()


def test_nor_does_anybody_delete_them_together(editor, appeal):
    from tamizdat.support.models import Appeal

    editor.post("/desk/bulk/support/appeal/delete/?id=all")

    assert Appeal.objects.count() == 4


@pytest.mark.parametrize(("mode", "words"), [("ask", "Письмо от редакции"), ("never", "Читать")])
def test_the_preview_is_the_very_box(editor, appeal, mode, words):
    address = f"{LIST}preview/{appeal.pk}/"
    said = editor.post(address, form(appeal)).json()

    shown = editor.get(f"{address}?mode={mode}").content.decode()

    assert said["is_valid"]
    assert words in shown
    assert '<html lang="ru"' in shown


def test_the_home_page_tells_this_months_support_in_rounded_sums(editor, box, settings):
    give(box, interval="once", other="123.45")
    settings.NEWSROOM = replace(box.newsroom, demonstration=True)

    shown = editor.get("/desk/").content.decode()

    assert "Support this month" in shown
    assert "123.45" not in shown
    assert "rounded" in shown


def test_the_home_page_does_not_wait_for_a_till_that_is_away(editor):
    assert "The till does not answer" in editor.get("/desk/").content.decode()


def test_sums_are_for_the_desk_alone(box):
    sums = '{"sums": true}'

    assert box.call("/status", sums, caller="counter").status == 403
    said = json.loads(box.call("/status", sums).text)
    assert {"came", "running", "refused", "strays"} <= set(said)


@pytest.mark.django_db(databases=["default", "counter"])
def test_a_wish_that_the_till_can_answer_becomes_a_receipt_while_nobody_unlocks(
    box, settings, newsroom
):
    import shutil

    from tamizdat.letters.delivery import deliver_due, sealed_records
    from tamizdat.lib import clock
    from tamizdat.readers import keys
    from tamizdat.readers.keys import unattended
    from tamizdat.readers.mailboxes.limits import limits
    from tamizdat.readers.sealed_records import store
    from tamizdat.readers.sealing.records import Record

    settings.NEWSROOM = replace(newsroom, addresses=box.newsroom.addresses)
    if not (newsroom.keys / "letters.key").exists():
        keys.make(newsroom.keys, "a passphrase for the tests")
    shutil.copy(box.newsroom.keys / "till.key", newsroom.keys)
    limits.forget()
    at = clock.now()
    unattended.rotate(newsroom.keys, at)
    token = give(box, interval="year", other="30")
    wish = {"token": token, "asked": at.date().isoformat(), "each": False}
    record = Record("receipt", "ada@example.org", "en", wish)
    row = store.keep_record(record, newsroom.keys)
    row.copy = store.copy_of(record, newsroom.keys, at)
    row.save()

    sealed_records.look(at)
    deliver_due(at)

    (letter,) = (newsroom.data / "mailbox").glob("*.eml")
    said = letter.read_text()
    assert "To: ada@example.org" in said
    assert "each year until you stop it" in said
    assert not type(row).objects.filter(pk=row.pk).exists()
