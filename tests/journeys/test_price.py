"""A reader whose network is just being used for a flood: what their browser shows and does."""

import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.journeys.judges import axe

HEADER = "X-Tamizdat-Network"  # as a web server in front would write it
networks = iter(f"203.0.{n}.0" for n in range(100, 200))


@pytest.fixture
def flooded(house):
    """A network from which far too many forms have just come; all others notice nothing."""
    network, address = next(networks), f"{house.newsroom.addresses.counter}/en/remind"
    form = urllib.parse.urlencode({"address": "flood@example.org"}).encode()
    status = 200
    for _ in range(20):
        try:
            urllib.request.urlopen(
                urllib.request.Request(address, form, {HEADER: network}), timeout=20
            ).close()
        except urllib.error.HTTPError as error:
            status = error.code
    assert status == 429
    return network


def ask_to_be_reminded(visitor, house, language="en"):
    """Send the form without a proof, as where a browser runs no script."""
    page = visitor.page
    page.goto(f"{house.newsroom.addresses.counter}/{language}/remind")
    page.locator("main input[name=address]").fill("Reader@Example.org")
    if page.evaluate("document.documentElement.className"):  # our script runs
        page.evaluate("document.querySelector('main form').onsubmit = null")
    page.locator("main form button").click()
    page.wait_for_load_state()


def ask_until_there_is_a_price(visitor, house, language="en"):
    """Every quarter of a minute a form is taken even now."""
    for _ in range(10):
        ask_to_be_reminded(visitor, house, language)
        if visitor.page.locator("form[data-price]").count():
            return
    pytest.fail("no price was asked")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_reader_with_a_script_pays_without_typing_again(house, visit, flooded, language):
    visitor = visit(extra_http_headers={HEADER: flooded})
    ask_until_there_is_a_price(visitor, house, language)
    page = visitor.page
    found = axe(page)

    assert page.locator("main input[name=address]").input_value() == "Reader@Example.org"
    page.locator("main form button").click()
    page.wait_for_selector("main form", state="detached", timeout=60_000)

    assert "Reader@example.org" in page.locator("main").inner_text()
    assert found == []


def test_a_reader_without_a_script_is_told_to_wait_and_loses_nothing(house, visit, flooded):
    visitor = visit(javascript=False, extra_http_headers={HEADER: flooded})
    ask_until_there_is_a_price(visitor, house)

    assert re.search("wait a minute", visitor.page.locator("[role=alert]").inner_text())
    assert visitor.page.locator("main input[name=address]").input_value() == "Reader@Example.org"


def test_a_reader_of_another_network_notices_nothing(house, visit, flooded):
    visitor = visit(javascript=False, extra_http_headers={HEADER: next(networks)})
    ask_to_be_reminded(visitor, house)

    assert visitor.page.locator("main form").count() == 0
