"""An issue is tested when somebody can have read its test letter, and not before."""

import re
from dataclasses import replace
from functools import partial

import pytest

from tamizdat.desk import published
from tamizdat.letters import outbox
from tamizdat.letters.actions import issues
from tamizdat.letters.actions.issues import IssueError
from tamizdat.letters.delivery import deliver_due, noting
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.newsletters import composing, send_test
from tamizdat.letters.newsletters.drafting import Draft
from tamizdat.letters.providers.base import Evidence
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.issue_page import composed, page_of, try_out
from tamizdat.lib import clock

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
TEST_WAITS = "The test waits"
State = Letter.State


@pytest.fixture
def issue(friday, newsdesk):
    issue = issues.compose(friday, "en", NOON)
    return issues.edit(issue, Draft("Two bridges", "Good evening."))


@pytest.fixture
def no_relay(room, settings):
    """A relay that refuses every connection."""
    mail = replace(settings.NEWSROOM.mail, send="smtp://127.0.0.1:9")
    settings.NEWSROOM = replace(settings.NEWSROOM, mail=mail)


def state(issue):
    return Issue.objects.get(pk=issue.pk).state


def taken():
    return outbox.take_next(max(NOON, clock.now()), unattended_only=False)


@pytest.mark.parametrize(
    ("became", "follows"),
    [
        (State.HANDED_OVER, "tested"),
        (State.DEFERRED, "draft"),
        (State.REFUSED, "draft"),
        (State.SUPPRESSED, "draft"),
        (State.IN_DOUBT, "draft"),
    ],
)
def test_it_is_tested_once_its_test_was_handed_over(issue, became, follows):
    issues.try_out(issue, "desk@example.org", NOON)
    letter = taken()
    assert state(issue) == "draft"

    outbox.settle(letter, became, NOON)

    assert state(issue) == follows


def test_what_is_proven_after_a_crash_counts(issue):
    issues.try_out(issue, "desk@example.org", NOON)

    outbox.resolve(taken(), Evidence.HANDED_OVER, NOON)

    assert state(issue) == "tested"


def test_what_is_noted_late_counts(issue, monkeypatch):
    issues.try_out(issue, "desk@example.org", NOON)
    letter = taken()
    settle = partial(outbox.settle, letter, State.HANDED_OVER, NOON)
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "_forget_copy", lambda _: 1 / 0)
        with pytest.raises(noting.UnnotedError):
            noting.note(letter.pk, settle)
    assert state(issue) == "draft"

    noting.note_what_is_known()

    assert state(issue) == "tested"


def test_a_letter_is_noted_only_together_with_what_follows_from_it(issue, monkeypatch):
    issues.try_out(issue, "desk@example.org", NOON)
    letter = taken()
    monkeypatch.setitem(outbox._handed_over, send_test.KIND, lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        outbox.settle(letter, State.HANDED_OVER, NOON)

    letter.refresh_from_db()
    assert (letter.state, letter.kind) == ("taken", send_test.KIND)


def test_a_test_of_older_words_does_not_count(issue):
    issues.try_out(issue, "desk@example.org", NOON)
    issues.edit(issue, Draft("Two bridges", "Good night."))

    deliver_due(NOON)

    assert state(issue) == "draft"
    with pytest.raises(IssueError, match="test first"):
        issues.approve(issue)


def test_only_the_letter_that_was_tested_is_approved_and_sent(
    editor, friday, newsdesk, subscribe, unlocked, mailbox
):
    """A headline, a name or the newsletter's words may change after the test."""
    subscribe("ada@example.org")
    issue, _ = composed(editor, friday)
    article = issue.items.first().article
    words = [
        lambda: newsdesk.rename(article, "A wholly different headline"),
        lambda: friday.texts.filter(language="en").update(name="Another name"),
    ]
    for change in words:
        try_out(editor, issue)
        assert ">Approve<" in page_of(editor, issue)
        change()

        page = page_of(editor, issue)
        assert ">Approve<" not in page
        assert "· Draft<" in page
        assert "It reads otherwise than what was tested." in page
        with pytest.raises(IssueError, match="otherwise than what was tested"):
            issues.approve(issue)
    before = {each["Message-ID"] for each in mailbox.letters()}
    try_out(editor, issue)
    (tested,) = (each for each in mailbox.letters() if each["Message-ID"] not in before)
    issues.send(issues.approve(issue), clock.now())
    deliver_due(clock.now())

    letter = next(each for each in mailbox.letters() if each["To"] == "ada@example.org")
    for half in ("plain", "html"):
        assert words_of(letter, half) == words_of(tested, half)


def words_of(letter, half):
    return re.sub(r"/leave/\w+", "", letter.get_body((half,)).get_content())


def test_what_was_tested_again_needs_no_third_test(editor, friday, newsdesk):
    """Also where the letter came back to what was tested, or was tested while it was approved."""
    issue, _ = composed(editor, friday)
    article = issue.items.first().article
    headline = published.card(article).headline
    try_out(editor, issue)
    for name in ("Another headline", headline):
        newsdesk.rename(article, name)
    issues.approve(issue)
    newsdesk.rename(article, "Another headline")
    try_out(editor, issue)

    with pytest.raises(IssueError, match="changed since it was approved"):
        issues.send(issue, clock.now())
    assert state(issue) == "tested"
    issues.approve(issue)


def test_what_changes_while_a_test_is_written_is_not_tested(editor, friday, newsdesk, monkeypatch):
    issue, _ = composed(editor, friday)
    digest = composing.letter_digest

    def and_then_a_headline_changes(newsroom, issue):
        made = digest(newsroom, issue)
        newsdesk.rename(issue.items.first().article, "A wholly different headline")
        return made

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(composing, "letter_digest", and_then_a_headline_changes)
        issues.try_out(issue, "desk@example.org", clock.now())
    deliver_due(clock.now())

    with pytest.raises(IssueError, match="otherwise than what was tested"):
        issues.approve(issue)


def test_a_test_that_is_sent_again_takes_no_approval_back(issue):
    for _ in range(2):
        issues.try_out(issue, "desk@example.org", NOON)
        deliver_due(NOON)
        if state(issue) == "tested":
            issues.approve(issue)

    assert state(issue) == "approved"


def test_a_test_that_waits_is_called_so_and_the_page_says_why(editor, friday, no_relay):
    issue, _ = composed(editor, friday)
    assert TEST_WAITS not in page_of(editor, issue)

    try_out(editor, issue)

    page = page_of(editor, issue)
    assert TEST_WAITS in page
    assert "The mail relay takes no letters." in page
    assert ">Approve<" not in page
    assert state(issue) == "draft"


def test_a_test_that_arrived_is_not_said_to_wait(editor, friday):
    issue, _ = composed(editor, friday)

    try_out(editor, issue)

    page = page_of(editor, issue)
    assert TEST_WAITS not in page
    assert ">Approve<" in page


def test_a_test_of_older_words_is_not_waited_for(editor, friday, no_relay):
    issue, _ = composed(editor, friday)
    try_out(editor, issue)

    issues.edit(issue, Draft("Other words", "Good night."))

    assert TEST_WAITS not in page_of(editor, issue)


def test_a_test_that_the_relay_refused_is_said_to_be_refused(editor, friday):
    issue, _ = composed(editor, friday)
    editor.post(f"/desk/letters/{issue.pk}/try/", {"address": "nobody@example.org"})
    outbox.settle(taken(), State.REFUSED, NOON)

    assert "The relay refused the last test" in page_of(editor, issue)


def test_a_test_that_cannot_be_written_is_told_on_its_page(editor, friday, monkeypatch):
    issue, _ = composed(editor, friday)
    editor.post(f"/desk/letters/{issue.pk}/try/", {"address": "desk@example.org"})
    monkeypatch.setattr("tamizdat.letters.newsletters.send_test.written", lambda _: 1 / 0)

    deliver_due(clock.now())

    assert "cannot be written" in page_of(editor, issue)
