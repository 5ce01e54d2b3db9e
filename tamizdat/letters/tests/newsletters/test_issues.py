"""An issue's way, from what was published to what every subscriber holds."""

import re
from datetime import timedelta

import pytest

from tamizdat.letters.actions import finishing, issues
from tamizdat.letters.actions.issues import IssueError
from tamizdat.letters.admin import candidates
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.models import Issue, Letter, Newsletter
from tamizdat.letters.newsletters.drafting import Choice, Draft
from tamizdat.letters.outbox import accounting
from tamizdat.letters.tests.conftest import NOON
from tamizdat.lib.theme import Theme, set_theme
from tamizdat.readers import actions as readers
from tamizdat.readers.models import Subscription
from tests.told_to_stop import told_to_stop

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
READERS = [f"reader{n}@example.org" for n in range(5)]


@pytest.fixture
def bridges(newsdesk):
    """Two published articles."""
    titles = ("A bridge is closed", "A bridge is opened")
    return [newsdesk.article(title, published=NOON - timedelta(days=1)) for title in titles]


def try_out(issue):
    """Send a trial of an issue, and hand it over."""
    issues.try_out(issue, "editor@example.org", NOON)
    deliver_due(NOON)


@pytest.fixture
def approved(bridges, friday):
    """An issue of two articles that was tried and approved."""
    issue = issues.compose(friday, "en", NOON)
    issues.edit(
        issue,
        Draft(
            subject="Two bridges",
            greeting="Good evening.\n\nIt was a week of bridges.",
            signoff="Until Friday.",
            choices=[Choice(item.article) for item in issue.items.all()],
        ),
    )
    try_out(issue)
    return issues.approve(issue)


def test_it_is_composed_of_what_was_published_since_the_last(newsdesk, friday):
    newsdesk.article("Too old", published=NOON - timedelta(days=8))
    week = [newsdesk.article(f"Day {n}", published=NOON - timedelta(days=n)) for n in (3, 2, 1)]
    newsdesk.article("Другой язык", language="ru", published=NOON - timedelta(days=1))

    issue = issues.compose(friday, "en", NOON)

    assert [item.article for item in issue.items.all()] == [one.pk for one in reversed(week)]
    assert issue.subject == "Day 1"


def test_the_next_one_begins_where_the_last_ended(approved, newsdesk, friday):
    issues.send(approved, NOON)
    fresh = newsdesk.article("Afterwards", published=NOON + timedelta(hours=1))

    later = issues.compose(friday, "en", NOON + timedelta(days=7))

    assert [item.article for item in later.items.all()] == [fresh.pk]


def test_late_news_that_an_issue_carried_is_not_in_the_next(approved, newsdesk, friday):
    taken_in, left_out, other = (
        newsdesk.article(title, published=NOON + timedelta(hours=1))
        for title in ("Taken in", "Ticked off", "Published meanwhile")
    )
    choices = [Choice(taken_in.pk), Choice(left_out.pk, included=False)]
    issues.edit(approved, Draft("Late news", "Hello.", choices=choices))
    try_out(approved)
    issues.send(issues.approve(approved), NOON + timedelta(hours=2))

    later = issues.compose(friday, "en", NOON + timedelta(days=7))

    assert {item.article for item in later.items.all()} == {left_out.pk, other.pk}
    listed = candidates.of_issue(later, NOON + timedelta(days=7))
    groups = {row["article"]: row["group"] for row in listed}
    assert groups[taken_in.pk] == candidates.OLDER


def test_another_newsletter_s_issue_takes_nothing_away(approved, newsdesk, friday):
    late = newsdesk.article("Late news", published=NOON + timedelta(hours=1))
    issues.edit(approved, Draft("Late news", "Hello.", choices=[Choice(late.pk)]))
    try_out(approved)
    issues.send(issues.approve(approved), NOON + timedelta(hours=2))
    monday = Newsletter.objects.create(code="monday")

    other = issues.compose(monday, "en", NOON + timedelta(hours=3))

    assert late.pk in [item.article for item in other.items.all()]


def test_composing_twice_gives_the_same_draft(approved, friday):
    assert issues.compose(friday, "en", NOON) == approved


def test_what_is_changed_must_be_tried_again(approved):
    issues.edit(approved, Draft(subject="Other words"))

    with pytest.raises(IssueError, match="test first"):
        issues.approve(approved)
    with pytest.raises(IssueError, match="not approved"):
        issues.send(approved, NOON)


def test_who_approves_twice_is_told_that_it_is_approved(approved):
    with pytest.raises(IssueError, match="approved already"):
        issues.approve(approved)
    assert approved_again(approved).state == Issue.State.APPROVED


def test_every_subscriber_gets_it_once(approved, subscribe, unlocked, mailbox):
    subscribe(*READERS)
    issues.send(approved, NOON)

    deliver_due(NOON)
    deliver_due(NOON)

    assert mailbox.recipients() == ["editor@example.org", *READERS]
    assert accounting.account(approved_again(approved)) == accounting.Account(5, handed_over=5)


def approved_again(issue):
    return Issue.objects.get(pk=issue.pk)


def test_who_is_told_to_stop_leaves_no_letter_in_the_middle(approved, subscribe, unlocked, mailbox):
    subscribe(*READERS)
    issues.send(approved, NOON)

    with told_to_stop(after=2):
        assert deliver_due(NOON) == 2
    states = sorted(Letter.objects.filter(kind="issue").values_list("state", flat=True))
    assert deliver_due(NOON) == 3

    assert states == ["handed", "handed", "queued", "queued", "queued"]
    assert mailbox.recipients() == sorted([*READERS, "editor@example.org"])


def test_while_the_key_is_locked_issues_wait_and_errands_go(approved, subscribe, mailbox):
    subscribe(*READERS)
    issues.send(approved, NOON)

    deliver_due(NOON)

    assert mailbox.recipients() == ["editor@example.org"]
    assert accounting.account(approved_again(approved)).waiting == 5


def test_who_leaves_while_it_is_being_sent_does_not_get_it(
    approved, subscribe, unlocked, mailbox, room
):
    subscribe(*READERS)
    issues.send(approved, NOON)
    readers.leave(Subscription.objects.first().leave_token, NOON.date())

    deliver_due(NOON)

    account = accounting.account(approved_again(approved))
    assert (account.handed_over, account.suppressed) == (4, 1)
    assert account.is_right


def test_readers_of_another_language_get_none(approved, subscribe):
    subscribe(*READERS, language="fa")

    assert issues.send(approved, NOON).frozen == 0


def test_sending_twice_sends_once(approved, subscribe):
    subscribe(*READERS)
    issues.send(approved, NOON)

    with pytest.raises(IssueError, match="not approved"):
        issues.send(approved, NOON)
    assert Letter.objects.filter(kind="issue").count() == 5


def test_a_trial_looks_like_the_real_one_and_is_kept_nowhere(approved, mailbox):
    deliver_due(NOON)

    trial, row = mailbox.only(), Letter.objects.exclude(kind="issue").get()
    assert trial["Subject"] == "Two bridges"
    assert trial["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (row.sealed, row.context) == (None, {})


def test_the_links_of_a_trial_are_one_and_the_same(approved, mailbox):
    deliver_due(NOON)

    trial = mailbox.only()
    leave = trial["List-Unsubscribe"].strip("<>")
    assert leave in trial.get_body(("plain",)).get_content()
    assert leave in trial.get_body(("html",)).get_content()


def test_the_letter_has_what_mail_programs_and_readers_need(
    approved, subscribe, unlocked, mailbox, room
):
    subscribe("ada@example.org")
    issues.send(approved, NOON)
    deliver_due(NOON)

    letter = next(one for one in mailbox.letters() if one["To"] == "ada@example.org")
    text = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    leave = re.fullmatch(
        r"<(http://127.0.0.1:8001/en/leave/[a-z2-7]{26})>", letter["List-Unsubscribe"]
    )
    assert leave
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Id"] == "<friday.example.org>"
    assert letter["From"] == "The Test Sheet <letters@example.org>"
    assert (text.count(leave[1]), html.count(leave[1])) == (2, 2)
    assert "leave.invalid" not in text + html
    assert "It was a week of bridges." in text
    assert "It was a week of bridges." in html
    assert "prefers-color-scheme: dark" in html
    assert "<img" not in html
    assert "http://127.0.0.1:8000/en/letters/friday/2026-11-20.html" in text
    assert len(html.encode()) < 102_000
    assert max(len(line) for line in text.splitlines()) < 120


def test_no_two_readers_have_the_same_link_and_each_message_its_own_id(
    approved, subscribe, unlocked, mailbox
):
    subscribe(*READERS)
    issues.send(approved, NOON)
    deliver_due(NOON)

    letters = mailbox.letters()
    assert len({letter["List-Unsubscribe"] for letter in letters}) == 6
    assert len({letter["Message-ID"] for letter in letters}) == 6


def test_an_article_that_was_unpublished_is_left_out(
    approved, bridges, newsdesk, subscribe, unlocked, mailbox
):
    newsdesk.actions.withdraw(bridges[0])
    subscribe("ada@example.org")
    with pytest.raises(IssueError, match="changed since it was approved"):
        issues.send(approved, NOON)
    try_out(approved)
    issues.send(issues.approve(approved), NOON)
    deliver_due(NOON)

    letter = next(one for one in mailbox.letters() if one["To"] == "ada@example.org")
    text = letter.get_body(("plain",)).get_content()
    assert "A bridge is closed" not in text
    assert "A bridge is opened" in text


def test_what_changes_while_it_is_sent_does_not_go_out_either(
    approved, bridges, newsdesk, subscribe, monkeypatch
):
    subscribe("ada@example.org")
    write_issue = issues.composing.write_issue
    renderings = []

    def and_then_a_name_changes(*words):
        renderings.append(write_issue(*words))
        if len(renderings) == 1:
            newsdesk.rename(bridges[0].pk, "A bridge is sold")
        return renderings[-1]

    monkeypatch.setattr(issues.composing, "write_issue", and_then_a_name_changes)

    with pytest.raises(IssueError, match="changed since it was approved"):
        issues.send(approved, NOON)

    assert len(renderings) == 2
    assert not Letter.objects.filter(kind="issue").exists()
    found = approved_again(approved)
    assert (found.state, found.approved_digest) == ("draft", "")


def test_an_issue_in_which_nothing_is_left_does_not_go_out(newsdesk, bridges, friday, subscribe):
    subscribe(*READERS)
    issue = issues.compose(friday, "en", NOON)
    try_out(issue)
    issues.approve(issue)
    for bridge in bridges:
        newsdesk.actions.withdraw(bridge)

    with pytest.raises(IssueError, match="nothing in it"):
        issues.send(issue, NOON)
    assert not Letter.objects.filter(kind="issue").exists()


def test_an_empty_issue_is_not_approved_and_a_greeting_is_enough(friday):
    issue = issues.compose(friday, "en", NOON)
    for greeting in ("", "We are on holiday."):
        issues.edit(issue, Draft("An empty week", greeting))
        try_out(issue)
        if not greeting:
            with pytest.raises(IssueError, match="nothing in it"):
                issues.approve(issue)

    issues.approve(issue)
    assert issues.send(issue, NOON).state == "sending"


def test_a_full_text_is_there_in_both_halves(newsdesk, friday, mailbox):
    article = newsdesk.article(
        "In full", text="<p>First &amp; <a href='https://example.com/a'>second</a>.</p>"
    )
    issue = issues.compose(friday, "en", NOON)
    issues.edit(issue, Draft("In full", choices=[Choice(article.pk, "full")]))
    issues.try_out(issue, "editor@example.org", NOON)
    deliver_due(NOON)

    letter = mailbox.only()
    assert "First & second <https://example.com/a>." in letter.get_body(("plain",)).get_content()
    assert "First &amp; <a href=" in letter.get_body(("html",)).get_content()


def test_once_it_is_sent_nobody_knows_who_got_it(approved, subscribe, unlocked):
    subscribe(*READERS)
    issues.send(approved, NOON)
    finishing.finish(NOON)
    assert Letter.objects.filter(kind="issue").count() == len(READERS)
    deliver_due(NOON)

    finishing.finish(NOON)

    assert approved_again(approved).state == "sent"
    assert not Letter.objects.filter(kind="issue").exists()
    assert accounting.account(approved_again(approved)) == accounting.Account(5, handed_over=5)


def test_a_past_issue_is_filed_once(friday):
    for _ in range(2):
        issues.file_past(friday, "en", NOON.date(), Draft("Long ago", greeting="Hello."))

    assert Issue.objects.get().state == "sent"


@pytest.fixture
def own_theme():
    """A test may set the newsroom's own theme; it is forgotten afterwards."""
    yield
    set_theme(None)


def test_readers_get_the_subject_that_was_tested(
    approved, subscribe, unlocked, mailbox, room, own_theme
):
    """A newsroom's own template may say more than what the editor typed."""
    template = room.folder / "theme" / "letters" / "issue.subject.txt"
    template.parent.mkdir(parents=True)
    template.write_text("{{ newsletter }}: {{ subject }}\n")
    set_theme(Theme(room))
    subscribe("ada@example.org")
    before = {each["Message-ID"] for each in mailbox.letters()}
    issues.try_out(approved, "desk@example.org", NOON)
    deliver_due(NOON)
    (tested,) = {each["Subject"] for each in mailbox.letters() if each["Message-ID"] not in before}
    issues.approve(approved)
    issues.send(approved, NOON)
    deliver_due(NOON)

    assert tested.startswith("The Friday Scales: ")
    (letter,) = [each for each in mailbox.letters() if each["To"] == "ada@example.org"]
    assert letter["Subject"] == tested
    assert issues.Issue.objects.get().letter_subject == tested


def test_an_article_of_another_language_is_in_no_issue(approved, newsdesk):
    persian = newsdesk.article("پل بسته شد", language="fa", published=NOON)
    choices = [Choice(item.article) for item in approved.items.all()]
    issues.edit(approved, Draft("A bridge", choices=[*choices, Choice(persian.pk)]))

    assert list(approved.items.values_list("article", flat=True)) == [
        each.article for each in choices
    ]


def test_two_editors_who_begin_an_issue_in_one_moment_get_the_same(friday, monkeypatch):
    first = issues.compose(friday, "en", NOON)
    found = iter([None, first])  # the other's is not there yet when the second one looks
    monkeypatch.setattr(issues, "_in_the_making", lambda *_about: next(found))

    assert issues.compose(friday, "en", NOON) == first
