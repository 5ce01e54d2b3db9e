"""Editors compose, test, approve and send at the desk; nobody else does."""

import re
from datetime import timedelta

import pytest

from tamizdat.letters.actions.finishing import finish
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.keyring import UNLOCK, answers, keyring
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.tests.conftest import PASSPHRASE
from tamizdat.letters.tests.issue_page import approve, composed, filled_in, try_out
from tamizdat.letters.tests.test_keyring import any_key
from tamizdat.lib import clock
from tamizdat.lib.worker_socket import protocol
from tamizdat.lib.worker_socket.server import WorkerSocket
from tamizdat.readers.keys import LONGEST_PASSPHRASE
from tamizdat.readers.models import SealedRecord
from tests.approved_issue import approve_untested

pytestmark = pytest.mark.django_db(databases=["default", "counter"])


def test_an_issue_is_composed_edited_tested_approved_and_sent(
    editor, friday, subscribe, unlocked, mailbox
):
    subscribe("ada@example.org")
    issue, answer = composed(editor, friday)
    before = [item.article for item in issue.items.all()]
    page = editor.get(answer.url)
    assert "A bridge is closed" in page.content.decode()

    editor.post(f"/desk/letters/{issue.pk}/", filled_in(issue, subject="Two bridges"))
    try_out(editor, issue)
    approve(editor, issue)
    editor.post(f"/desk/letters/{issue.pk}/send/")
    deliver_due(clock.now())

    issue.refresh_from_db()
    assert [item.article for item in issue.items.all()] == before[::-1]
    assert issue.state == "sending"
    assert mailbox.recipients() == ["ada@example.org", "desk@example.org"]
    assert "1 of 1" in editor.get(f"/desk/letters/{issue.pk}/").content.decode()


@pytest.fixture
def sent(editor, friday, subscribe, unlocked):
    """An issue of which every letter was handed over but those in doubt."""

    def sent(*doubtful):
        subscribe("ada@example.org", "bob@example.org", *doubtful)
        issue, _ = composed(editor, friday)
        approve_untested(issue)
        editor.post(f"/desk/letters/{issue.pk}/send/")
        left = Letter.objects.filter(kind="issue").values("pk")[: len(doubtful)]
        Letter.objects.filter(pk__in=left).update(state="doubt")
        deliver_due(clock.now())
        finish(clock.now())
        return editor.get(f"/desk/letters/{issue.pk}/").content.decode()

    return sent


def test_once_everything_is_sent_nothing_waits_and_the_page_rests(sent):
    page = sent()

    assert "<dt>Waiting</dt><dd>0</dd>" in page
    assert "<dt>Handed over</dt><dd>2</dd>" in page
    assert "· Sent ·" in page
    assert 'http-equiv="refresh"' not in page


def test_what_stays_in_doubt_is_said_where_the_issue_is(sent):
    page = sent("eve@example.org")

    assert "<dt>In doubt</dt><dd>1</dd>" in page
    assert "The sum is wrong" not in page
    assert "It is not known whether these letters arrived: 1 of issue" in page
    assert "Nothing is sent a third time" in page


def test_of_two_editors_the_later_one_is_told_and_loses_nothing(editor, friday):
    issue, _ = composed(editor, friday)
    address = f"/desk/letters/{issue.pk}/"
    mine = filled_in(issue, greeting="Mine.")
    editor.post(address, filled_in(issue, greeting="Theirs."))

    told = editor.post(address, mine)

    page = told.content.decode()
    assert "Somebody else changed this issue while you wrote." in page
    assert ">\nMine.</textarea>" in page
    issue.refresh_from_db()
    assert issue.greeting == "Theirs."
    again = mine | {"draft_digest": re.search(r'name="draft_digest" value="(\w+)"', page)[1]}
    assert editor.post(address, again).status_code == 302
    issue.refresh_from_db()
    assert issue.greeting == "Mine."


def test_nobody_approves_what_they_have_not_read(editor, friday, newsdesk):
    issue, _ = composed(editor, friday)
    try_out(editor, issue)
    page = editor.get(f"/desk/letters/{issue.pk}/").content.decode()
    seen = re.search(r'name="letter_digest" value="(\w+)"', page)[1]
    newsdesk.rename(issue.items.first().article, "A bridge is sold")

    try_out(editor, issue)
    for said in ({"letter_digest": seen}, {}):
        answer = editor.post(f"/desk/letters/{issue.pk}/approve/", said, follow=True)
        assert "It has changed since you looked at it." in answer.content.decode()

    approve(editor, issue)
    issue.refresh_from_db()
    assert issue.state == "approved"


def test_only_what_was_approved_goes_out(editor, friday, newsdesk):
    issue, _ = composed(editor, friday)
    try_out(editor, issue)
    approve(editor, issue)
    newsdesk.rename(issue.items.first().article, "A bridge is sold")

    answer = editor.post(f"/desk/letters/{issue.pk}/send/", follow=True)

    assert "What it carries has changed since it was approved." in answer.content.decode()
    assert not Letter.objects.filter(kind="issue").exists()
    try_out(editor, issue)
    approve(editor, issue)
    editor.post(f"/desk/letters/{issue.pk}/send/")
    issue.refresh_from_db()
    assert (issue.state, "A bridge is sold" in issue.text) == ("sending", True)


def test_sending_what_nobody_approved_is_refused_in_words(editor, friday):
    issue, _ = composed(editor, friday)

    answer = editor.post(f"/desk/letters/{issue.pk}/send/", follow=True)

    assert "these words are not approved" in answer.content.decode()
    assert not Letter.objects.exists()


def test_the_preview_is_the_letter_and_may_do_nothing(editor, friday):
    issue, _ = composed(editor, friday)

    html = editor.get(f"/desk/letters/{issue.pk}/preview/html")
    text = editor.get(f"/desk/letters/{issue.pk}/preview/text")

    assert "A bridge is opened" in html.content.decode()
    assert "A bridge is opened" in text.content.decode()
    assert html["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("typed", "opens"), [(PASSPHRASE, True), ("something else", False)], ids=["right", "wrong"]
)
def test_the_passphrase_goes_to_the_work_process_and_nowhere_else(
    editor, friday, room, typed, opens, caplog
):
    with WorkerSocket(room, answers(room, any_key)):
        answer = editor.post("/desk/letters/unlock/", {"passphrase": typed}, follow=True)
        opened = keyring.until(clock.now()) is not None
        keyring.lock()

    assert opened is opens
    assert typed not in answer.content.decode()
    assert typed not in caplog.text


def test_whoever_guesses_the_passphrase_loses_the_session(editor, friday, room):
    with WorkerSocket(room, answers(room, any_key)):
        for number in range(5):
            assert editor.get("/desk/letters/").status_code == 200
            editor.post("/desk/letters/unlock/", {"passphrase": f"guess {number}"})
        answer = editor.get("/desk/letters/")
        editor.post("/desk/letters/unlock/", {"passphrase": PASSPHRASE})
        opened = keyring.until(clock.now()) is not None

    assert answer.status_code == 302
    assert not opened


def test_without_a_work_process_the_desk_says_so(editor, friday):
    page = editor.get("/desk/letters/").content.decode()

    assert "The work process does not run" in page


def test_the_mailbox_shows_what_was_handed_over(editor, friday, mailbox, room):
    issue, _ = composed(editor, friday)
    try_out(editor, issue)
    deliver_due(clock.now())
    name = next((room.data / "mailbox").glob("*.eml")).stem

    page = editor.get(f"/mailbox/{name}/").content.decode()
    html = editor.get(f"/mailbox/{name}/html")

    assert "desk@example.org" in page
    assert "Unsubscribe" in page
    assert html["Content-Security-Policy"].startswith("sandbox")
    assert editor.get("/mailbox/nothere/").status_code == 404


def test_the_first_page_says_which_letter_is_next(editor, friday):
    page = editor.get("/desk/").content.decode()

    assert "The next letters" in page
    assert "The Friday Scales" in page


@pytest.mark.parametrize("path", ["/desk/letters/", "/mailbox/", "/mailbox/x/html"])
def test_a_stranger_sees_nothing(client, editor, path):
    client.logout()

    answer = client.get(path)

    assert answer.status_code == 302
    assert "login" in answer.url


def test_who_may_not_publish_may_not_send(editor, friday, client, django_user_model):
    from django.contrib.auth.models import Group

    issue, _ = composed(editor, friday)
    reporter = django_user_model.objects.create_user("reporter", "r@example.org", "x" * 12)
    reporter.groups.add(Group.objects.get(name="Reporters"))
    client.force_login(reporter)

    answer = client.post(f"/desk/letters/{issue.pk}/discard/")

    assert answer.status_code in (302, 403)
    assert Issue.objects.filter(pk=issue.pk).exists()


def test_what_readers_may_have_had_is_offered_apart(editor, newsdesk, friday):
    newsdesk.article("A bridge is planned", published=clock.now() - timedelta(days=20))
    issue, _ = composed(editor, friday)
    newsdesk.article("A bridge is painted", published=clock.now() - timedelta(minutes=1))

    page = editor.get(f"/desk/letters/{issue.pk}/").content.decode()
    places = [
        page.index(words)
        for words in (
            *("In this issue", "A bridge is closed", "Also published since the last issue"),
            *("A bridge is painted", "Older, not since the last issue (1)", "A bridge is planned"),
        )
    ]
    assert places == sorted(places)


def test_issues_are_listed_by_their_day_and_what_is_in_the_making_first(editor, friday):
    now = clock.now()
    for name, days in (("middle", 7), ("oldest", 14), ("newest", 1), ("begun", None)):
        day = None if days is None else (now - timedelta(days=days)).date()
        Issue.objects.create(
            newsletter=friday, language="en", subject=f"The {name} one", day=day,
            since=now, until=now, state="draft" if day is None else "sent",
        )  # fmt: skip
    page = editor.get("/desk/letters/").content.decode()

    places = [page.index(f"The {name} one") for name in ("begun", "newest", "middle", "oldest")]
    assert places == sorted(places)


def test_what_a_reader_demands_is_sealed_until_the_next_unlock(editor, room):
    form = {"kind": "erasure", "address": "ada@example.org", "language": "en"}

    page = editor.post("/desk/letters/data-requests/", form, follow=True).content.decode()

    assert "done when the reader key is unlocked next" in page
    assert "ada@" not in page
    assert SealedRecord.objects.count() == 1


def test_a_demand_that_makes_no_sense_is_refused_with_a_sentence(editor, room):
    form = {"kind": "erasure", "address": "ada", "language": "en"}

    page = editor.post("/desk/letters/data-requests/", form, follow=True).content.decode()

    assert "not an e-mail address we can write to" in page
    assert not SealedRecord.objects.exists()


@pytest.mark.parametrize("article", ["-1", "0", "9" * 25, "2147483648", "zz", ""])
def test_an_issue_refuses_an_article_that_cannot_be_one(editor, friday, article):
    issue, _ = composed(editor, friday)
    before = list(issue.items.values_list("article", flat=True))
    said = filled_in(issue, **{"item-0-article": article})

    assert editor.post(f"/desk/letters/{issue.pk}/", said).status_code == 200
    assert list(issue.items.values_list("article", flat=True)) == before


def test_a_passphrase_without_end_is_refused_as_what_it_is(editor):
    page = editor.post("/desk/letters/unlock/", {"passphrase": "x" * 100_000}, follow=True)

    assert "No passphrase is as long as that" in page.content.decode()


def test_the_longest_passphrase_fits_into_one_message():
    assert LONGEST_PASSPHRASE + len(f"{UNLOCK}\n") < protocol.LONGEST


@pytest.mark.parametrize(
    ("html", "said"),
    [("<p>Good evening.</p>", "Nobody was subscribed"), ("", "before this press kept count")],
    ids=["sent to nobody", "of an older press"],
)
def test_an_issue_without_letters_says_why(editor, friday, html, said):
    issue, _ = composed(editor, friday)
    Issue.objects.update(state="sent", day=clock.now().date(), html=html)

    page = editor.get(f"/desk/letters/{issue.pk}/").content.decode()

    assert said in page
    assert page.count("Nobody was subscribed") + page.count("kept count of its letters") == 1
