"""A reader's link to leave stands in their letter where the template put one, and nowhere else."""

from datetime import timedelta

import pytest

from tamizdat.letters.actions import issues
from tamizdat.letters.actions.newsletters import Words, save
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.newsletters import composing
from tamizdat.letters.newsletters.drafting import Choice, Draft
from tamizdat.letters.tests.conftest import NOON
from tamizdat.lib.theme import Theme, set_theme

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
STRANGER = "https://stranger.example/?u="
SHOWN = "https://leave.invalid/"  # what the desk shows where readers have their link
HOSTILE = f"{STRANGER}{SHOWN} {SHOWN}x"
LINKS = 2  # of the template, in each half


@pytest.fixture
def hostile_subject(room):
    template = room.folder / "theme" / "letters" / "issue.subject.txt"
    template.parent.mkdir(parents=True)
    template.write_text(f"{{{{ subject }}}} {HOSTILE}\n")
    set_theme(Theme(room))
    yield
    set_theme(None)


@pytest.fixture
def hostile_issue(newsdesk, friday):
    """An issue of which every typed word leads what stands for a link to a stranger."""
    article = newsdesk.article(
        HOSTILE, published=NOON - timedelta(hours=1), standfirst=HOSTILE, kicker=HOSTILE[:60],
        text=f'<p>{HOSTILE} <a href="{STRANGER}{SHOWN}">more</a></p>',
        people=[newsdesk.person(HOSTILE)], section=newsdesk.section(HOSTILE, slug="hostile"),
    )  # fmt: skip
    save("friday", 4, {"en": Words(HOSTILE[:80], HOSTILE, HOSTILE[:60])}, NOON)
    issue = issues.compose(friday, "en", NOON)
    choices = [Choice(article.pk, "full", HOSTILE)]
    return issues.edit(issue, Draft(HOSTILE, HOSTILE, HOSTILE, choices))


def sent(issue):
    """Test it, approve it, send it, and hand it over."""
    issues.try_out(issue, "editor@example.org", NOON)
    deliver_due(NOON)
    issues.send(issues.approve(issue), NOON)
    deliver_due(NOON)


def test_whatever_stands_in_an_issue_a_leave_link_is_only_where_we_put_it(
    hostile_issue, subscribe, unlocked, mailbox, hostile_subject
):
    subscribe("ada@example.org")
    sent(hostile_issue)

    assert len(mailbox.letters()) == 2
    for letter in mailbox.letters():
        leave = letter["List-Unsubscribe"].strip("<>")
        token = leave.rpartition("/")[2]
        text = letter.get_body(("plain",)).get_content()
        html = letter.get_body(("html",)).get_content()
        assert STRANGER in text
        assert STRANGER in html
        assert text.count(token) == html.count(token) == LINKS
        assert html.count(f'href="{leave}"') == LINKS
        assert sum(line.strip().endswith(leave) for line in text.splitlines()) == LINKS
        assert [name for name, value in letter.items() if token in value] == ["List-Unsubscribe"]


def test_the_desk_shows_nothing_that_stands_for_a_leave_link(
    hostile_issue, subscribe, unlocked, room
):
    subscribe("ada@example.org")
    sent(hostile_issue)
    hostile_issue.refresh_from_db()
    shown = composing.as_it_reads(room, hostile_issue, NOON)

    assert hostile_issue.leave_stand_in in hostile_issue.html
    assert hostile_issue.leave_stand_in not in shown.text + shown.html
