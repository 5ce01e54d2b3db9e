"""What letters add to the edition: the box, newsletters' pages, and each sent issue."""

from datetime import timedelta

import pytest

from tamizdat.letters.actions import issues, newsletters
from tamizdat.letters.newsletters import offers
from tamizdat.letters.newsletters.drafting import Choice, Draft
from tamizdat.letters.newsletters.schedule import next_day
from tamizdat.letters.parts import Letters
from tamizdat.letters.tests.conftest import NOON
from tamizdat.press.parts import Place
from tamizdat.readers.counter import published
from tamizdat.readers.models import Wording

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
PAGE = "en/letters/friday"


def place(language="en", *, sensitive=False):
    return Place(language, "article", None, sensitive=sensitive, link=lambda path: f"/{path}")


@pytest.fixture
def past(newsdesk, friday):
    """Two issues of earlier weeks, the later one with an article."""
    article = newsdesk.article("A bridge is closed", published=NOON - timedelta(days=9))
    for weeks, choices in ((2, []), (1, [Choice(article.pk, intro="Read it aloud.")])):
        day = (NOON - timedelta(weeks=weeks)).date()
        issues.file_past(friday, "en", day, Draft(f"{weeks} weeks ago", "Hello.", choices=choices))
    return article


def read(newsdesk, path):
    newsdesk.publish()
    return (newsdesk.newsroom.edition / "current" / path).read_text()


def test_each_sent_issue_is_a_page(newsdesk, past):
    page = read(newsdesk, f"{PAGE}/2026-11-13.html")

    assert "1 weeks ago" in page
    assert "A bridge is closed" in page
    assert "Read it aloud." in page


def test_a_newsletter_s_page_begins_with_its_latest_issue_and_lists_the_others(newsdesk, past):
    page = read(newsdesk, f"{PAGE}/index.html")

    assert page.index("The Friday Scales") < page.index("1 weeks ago") < page.index("2 weeks ago")
    assert 'href="2026-11-06.html"' in page


def test_an_unpublished_article_leaves_the_issue_s_page(newsdesk, past):
    read(newsdesk, f"{PAGE}/index.html")
    newsdesk.actions.withdraw(past)

    for name in ("index", "2026-11-13"):
        assert "A bridge is closed" not in read(newsdesk, f"{PAGE}/{name}.html")


def test_a_draft_has_no_page(newsdesk, friday):
    newsdesk.article("A bridge is closed", published=NOON - timedelta(days=1))
    issues.compose(friday, "en", NOON)

    newsdesk.publish()

    folder = newsdesk.newsroom.edition / "current" / PAGE
    assert [path.name for path in folder.glob("*.html")] == ["index.html"]


def test_the_box_leads_to_the_newsletter_and_never_to_its_latest_issue(past):
    box = Letters().fragment("newsletter", place())

    assert f"/{PAGE}/index.html" in box
    assert "2026-11" not in box
    assert 'action="http://127.0.0.1:8001/en/subscribe"' in box


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_where_no_newsletter_is_offered_there_is_no_box(friday, language):
    assert Letters().fragment("newsletter", place(language)) == ""


def test_beside_a_sensitive_article_nobody_is_asked_to_subscribe(friday):
    assert Letters().fragment("newsletter", place())
    assert Letters().fragment("newsletter", place(sensitive=True)) == ""


def test_the_counter_is_told_what_is_offered_and_the_exact_words(friday, room):
    told = published.read("letters")

    assert told["offers"]["en"]["newsletters"][0]["code"] == "friday"
    assert told["offers"]["ru"]["newsletters"] == []
    assert told["offers"]["en"]["wordings"][0]["text"] == offers.wording("en").text
    assert Wording.objects.filter(language="en", version=offers.wording("en").version).exists()


def test_old_words_stay_known_when_they_change(friday, room, monkeypatch):
    old = offers.wording("en")
    monkeypatch.setattr(offers, "consent", lambda _language: "Other words.")

    assert newsletters.publish(room.languages, NOON.date())
    assert not newsletters.publish(room.languages, NOON.date())

    told = published.read("letters")["offers"]["en"]["wordings"]
    assert [each["text"] for each in told] == ["Other words.", old.text]


@pytest.mark.parametrize("language", ["ru", "uk", "fa"])
def test_consent_is_asked_for_in_the_reader_s_language(room, language):
    assert offers.wording(language).text != offers.wording("en").text


@pytest.mark.parametrize(
    ("today", "last", "expected"),
    [
        pytest.param("2026-11-18", None, "2026-11-20", id="two days ahead"),
        pytest.param("2026-11-20", None, "2026-11-20", id="today"),
        pytest.param("2026-11-20", "2026-11-20", "2026-11-27", id="today's went out"),
        pytest.param("2026-11-21", "2026-11-20", "2026-11-27", id="the day after"),
    ],
)
def test_when_the_next_letter_is_due(today, last, expected):
    from datetime import date

    last = last and date.fromisoformat(last)
    assert next_day(4, date.fromisoformat(today), last) == date.fromisoformat(expected)
