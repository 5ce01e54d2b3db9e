"""What a page does in a browser: forms, the strip, the careful ask. The pages are invented."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import brotli
import pytest

from tamizdat.lib.theme import Theme
from tamizdat.readers.counter.admission.proof_of_work import work
from tests.journeys.specimens import Specimens, newsroom

HOME = "http://127.0.0.1:8140/en/article.html"
EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "conformance/proof_of_work.json").read_text(encoding="utf-8")
)
ADDRESSES = sorted({example["address"].strip() for example in EXAMPLES} - {""})
ROOM = 10_000


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """One folder for all tests: drawing in six sizes and forms takes longer than looking."""
    return tmp_path_factory.mktemp("drawings")


@pytest.fixture
def open_article(visit, drawings):
    """Open an article in a browser that reaches nothing else; `posted` gets what forms send."""

    def _open(*, policy="ask", language="en", **options):
        made = Specimens(Theme(newsroom(drawings)), drawings, language, policy)
        html = made.print(made.article())
        visitor = visit(**options)
        visitor.posted = []

        def answer(route):
            if route.request.method == "POST":
                visitor.posted.append(parse_qs(route.request.post_data, keep_blank_values=True))
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

        visitor.context.route("**/*", answer)
        visitor.page.goto(HOME)
        return visitor

    return _open


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_browser_makes_a_proof_that_the_counter_takes(open_article, address):
    visitor = open_article()
    form = visitor.page.locator("#newsletter form")
    form.evaluate("form => form.elements.address.type = 'text'")  # browsers know no IDN local parts
    form.locator("[name=address]").fill(address)
    with visitor.page.expect_navigation(timeout=60_000):
        form.get_by_role("button").click()

    sent = visitor.posted[0]

    assert sent["newsletter"] == ["friday"]
    assert work(sent["stamp"][0], "subscribe", sent["address"][0], datetime.now(UTC).date())


def test_without_javascript_a_form_goes_without_a_proof(open_article):
    visitor = open_article(javascript=False)
    visitor.page.locator("#newsletter [name=address]").fill("reader@example.org")
    visitor.page.locator("#newsletter").get_by_role("button").click()

    assert visitor.posted[0]["stamp"] == [""]
    assert visitor.posted[0]["address"] == ["reader@example.org"]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("every", "shown"), [("once", "€5"), ("month", "€3"), ("year", "€30")])
def test_the_amounts_follow_the_interval(open_article, every, shown, javascript):
    visitor = open_article(javascript=javascript)
    visitor.page.locator(f"#support [value={every}]").check(force=True)

    amounts = visitor.page.locator("#support .choice label:visible").all_inner_texts()

    assert len(amounts) == 6
    assert amounts[3] == shown


def test_a_contribution_says_what_was_chosen(open_article):
    visitor = open_article(javascript=False)
    visitor.page.locator("#support [value=year]").check(force=True)
    visitor.page.locator("#support [name=amount_year][value='10000']").check(force=True)
    visitor.page.get_by_role("button", name="Continue").click()

    assert visitor.posted[0]["interval"] == ["year"]
    assert visitor.posted[0]["amount_year"] == ["10000"]


def test_a_strip_that_was_put_away_stays_away(open_article):
    visitor = open_article()
    visitor.page.get_by_role("button", name="Not now").click()
    assert visitor.page.locator(".strip").is_hidden()

    visitor.page.reload()
    assert visitor.page.locator(".strip").is_hidden()

    visitor.page.evaluate("localStorage['tz-hush'] = Date.now() - 1")
    visitor.page.reload()
    assert visitor.page.locator(".strip").is_visible()


def test_a_reminder_is_kept_in_the_browser_and_comes_back(open_article):
    visitor = open_article()
    visitor.page.locator("[data-remind]").click()
    assert visitor.page.get_by_text("Noted, in this browser only.").is_visible()

    visitor.page.reload()
    assert visitor.page.locator(".strip").is_hidden()

    visitor.page.evaluate("localStorage['tz-remind'] = '2026-01'")
    visitor.page.reload()
    assert visitor.page.get_by_text("You asked us to remind you").is_visible()


@pytest.mark.parametrize(("zone", "reminded"), [("America/Toronto", True), ("Europe/Riga", False)])
def test_where_it_is_careful_a_due_reminder_stands_in_the_ask_alone(open_article, zone, reminded):
    visitor = open_article(policy="careful", timezone_id=zone)
    assert visitor.page.get_by_text("You asked us to remind you").is_hidden()

    visitor.page.evaluate("localStorage['tz-remind'] = '2026-01'")
    visitor.page.reload()

    assert visitor.page.get_by_text("You asked us to remind you").is_visible() is reminded
    assert visitor.page.locator(".strip").count() == 0


@pytest.mark.parametrize(
    ("zone", "asked"),
    [
        pytest.param("America/Toronto", True, id="far away"),
        pytest.param("Europe/Riga", False, id="on the list"),
        pytest.param("UTC", False, id="a hidden time zone"),
        pytest.param("Atlantic/Reykjavik", False, id="Firefox hides it so"),
    ],
)
def test_where_it_is_careful_the_ask_goes_by_time_zone(open_article, zone, asked):
    visitor = open_article(policy="careful", timezone_id=zone)

    assert visitor.page.locator("#support form.give").is_visible() is asked
    assert visitor.page.get_by_text("Reading is enough", exact=True).is_visible() is not asked


@pytest.mark.parametrize("policy", ["careful", "never"])
def test_the_safe_text_is_what_everybody_gets_without_javascript(open_article, policy):
    visitor = open_article(policy=policy, javascript=False, timezone_id="America/Toronto")

    assert visitor.page.get_by_text("Reading is enough", exact=True).is_visible()
    assert visitor.page.locator("form.give").count() == 0


def test_the_page_asks_nobody_else_and_keeps_no_cookie(open_article):
    visitor = open_article()

    assert visitor.hosts() == {"http://127.0.0.1:8140"}
    assert visitor.cookies() == []


@pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(open_article, language, width):
    visitor = open_article(language=language, width=width)

    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("policy", ["ask", "careful"])
@pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
def test_an_article_arrives_in_the_first_packets(drawings, language, policy):
    made = Specimens(Theme(newsroom(drawings)), drawings, language, policy)

    assert len(brotli.compress(made.print(made.article()).encode())) <= ROOM
