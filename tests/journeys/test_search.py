"""Readers look for something, with a slip of the finger, in their own script: files are enough."""

from urllib.parse import unquote

import pytest

from bench.search import asked
from tests.journeys.judges import axe

PAGE = "{house.edition}/{language}/search.html"
SLIPS = [
    pytest.param("en", "tarm verdict", "tram-four-verdict", id="english, letters swapped"),
    pytest.param("ru", "трамвйа", "/20", id="russian, letters swapped"),
    pytest.param("uk", "трмвай", "/20", id="ukrainian, a letter missing"),
    pytest.param("fa", "دادگااه", "/20", id="persian, a letter too many"),
]


@pytest.mark.parametrize(("language", "typed", "found"), SLIPS)
def test_a_reader_finds_what_was_mistyped(house, visit, language, typed, found):
    visitor = visit(width=360)
    page = visitor.page
    page.goto(PAGE.format(house=house, language=language))
    assert not page.locator("#more, #further").filter(visible=True).count()

    asked(page, typed)

    links = page.locator("#found a")
    assert links.count()
    assert found in links.first.evaluate("link => link.href")
    assert page.locator("#said").inner_text()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visitor.hosts() == {house.edition}
    assert visitor.cookies() == []
    assert all(typed not in unquote(url).partition("#")[0] for url in visitor.asked)


def test_a_search_can_be_come_back_to(house, visit):
    page = visit().page
    page.goto(PAGE.format(house=house, language="en"))
    asked(page, "tram")
    first = page.locator("#found a").first
    address, headline = page.url, first.inner_text()

    first.click()
    page.wait_for_url("**/en/20**")
    page.go_back()

    page.wait_for_selector("#found[aria-busy=false]", state="attached")
    assert page.url == address
    assert page.locator("#found a").first.inner_text() == headline


def test_nothing_found_is_said(house, visit):
    page = visit().page
    page.goto(PAGE.format(house=house, language="en"))

    asked(page, "qqzzxxqq")

    assert "Nothing was found." in page.locator("#said").inner_text()
    assert page.locator("#found li").count() == 0


def test_without_a_script_the_archive_is_the_way(house, visit):
    page = visit(javascript=False).page
    page.goto(f"{house.edition}/en/index.html")
    page.locator("main").get_by_role("link", name="Search").click()

    assert not page.locator("#query").is_visible()
    page.get_by_role("link", name="The archive, by month, topic and people").click()
    assert page.url == f"{house.edition}/en/archive/index.html"


def test_a_copy_on_a_disk_says_what_it_cannot_do(house, visit):
    page = visit().page
    page.goto((house.newsroom.edition / "current/en/search.html").as_uri())

    assert "opened from a disk" in page.locator("#said").inner_text()
    assert not page.locator("#query").is_visible()
