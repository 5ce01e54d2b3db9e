"""The pages that answer a reader, at the counter and the till, judged in each language."""

import re

import pytest

from tests.journeys.judges import axe, validator
from tests.journeys.test_whole_run import newest_link

LANGUAGES = ["en", "ru", "uk", "fa"]


class Walk:
    """Somebody who reads each answer with axe, by day and by night, and keeps it for later."""

    def __init__(self, visitor, folder):
        self.page, self.folder = visitor.page, folder
        self.found, self.kept = [], []
        self.page.on("response", self._keep)

    def _keep(self, response):
        if response.request.resource_type == "document" and not 300 <= response.status < 400:
            file = self.folder / f"{len(self.kept)}.html"
            file.write_bytes(response.body())
            self.kept.append(file)

    def look(self):
        self.page.wait_for_load_state()
        for scheme, width in (("light", 1280), ("dark", 360)):
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": 900})
            self.found += [f"{self.page.url.split('//')[1][:40]} {each}" for each in axe(self.page)]
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            self.found += [f"{self.page.url} is {wide} wide"] if wide > width else []

    def go(self, address):
        self.page.goto(address)
        self.look()

    def press(self, selector="main form button"):
        self.page.locator(selector).first.click()
        self.look()


@pytest.fixture
def walk(visit, tmp_path):
    return Walk(visit(), tmp_path)


def is_open_to_everybody(walk, *, pages):
    return walk.found == [] and validator(walk.kept) == [] and len(walk.kept) >= pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_to_a_subscriber_is_open_to_everybody(house, walk, language):
    counter = house.newsroom.addresses.counter

    walk.go(f"{counter}/{language}/subscribe")
    walk.page.locator("main input[type=email]").fill(f"judge-{language}@example.org")
    walk.press()  # no newsletter is chosen: the page says so, and keeps what was typed
    walk.page.locator("main input[name=newsletter]").first.check()
    walk.press()
    house.work()
    walk.go(newest_link(house, "confirm"))
    walk.press()
    walk.go(f"{counter}/{language}/leave/{'a' * 26}")

    assert is_open_to_everybody(walk, pages=6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_to_who_reads_a_mailbox_is_open_to_everybody(house, walk, language):
    counter = house.newsroom.addresses.counter
    walk.page.goto(f"{counter}/{language}/subscribe")
    walk.page.locator("main input[type=email]").fill(f"mailbox-{language}@example.org")
    walk.page.locator("main input[name=newsletter]").first.check()
    walk.page.locator("main form button").first.click()
    house.work()
    link = newest_link(house, "mailbox")

    for button in (0, 1):
        walk.go(link)
        walk.page.locator("main form button").nth(button).click()
        walk.look()
    walk.go(f"{counter}/{language}/receipt/cancel/{'a' * 26}")
    walk.press()

    assert is_open_to_everybody(walk, pages=6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_to_a_giver_is_open_to_everybody(house, walk, language):
    for card in ("4000000000000002", "4242424242424242"):
        walk.go(f"{house.newsroom.addresses.counter}/{language}/give")
        walk.press()
        walk.page.locator("main input[type=checkbox]").first.check()
        walk.press()
        walk.page.locator("input[name=handle]").fill(card)
        walk.press()
    walk.page.wait_for_url(re.compile("/thanks/"))
    walk.go(walk.page.locator("a[href*='/manage/']").first.get_attribute("href"))
    walk.press()

    assert is_open_to_everybody(walk, pages=8)
