"""The first run of the press, clicked through as its users would."""

import email
import email.policy
import re
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

HEADLINE = "Ferry bell found under the customs house"


def photograph() -> bytes:
    """Return a photograph that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of a source"
    exif.get_ifd(0x8825)[2] = (56.0, 57.0, 0.0)
    data = BytesIO()
    Image.effect_noise((1600, 1067), 60).convert("RGB").save(data, "JPEG", exif=exif, quality=85)
    return data.getvalue()


def text_of(path) -> str:
    """Return the plain text of a letter."""
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return letter.get_body(("plain",)).get_content()


def link_in(text: str, what: str) -> str:
    return re.search(rf"https?://\S*/{what}/\S+", text)[0].rstrip(".)>")


def front(house, language="en") -> str:
    return f"{house.edition}/{language}/index.html"


def open_article(visitor, house, *, ask=True):
    """Open an article of the demonstration that asks, or one that does not."""
    root = house.newsroom.edition / "current/en"
    for path in sorted(root.glob("20*/*/*.html")):
        asks = 'name="interval"' in path.read_text(encoding="utf-8").split("<template")[0]
        if asks == ask:
            visitor.page.goto(f"{house.edition}/{path.relative_to(root.parent)}")
            return path
    raise AssertionError("no such article in the demonstration")


def subscribe(visitor, house, address):
    open_article(visitor, house)
    form = visitor.page.locator("form[action*='/subscribe']").first
    form.locator("input[type=email]").fill(address)
    form.locator("button").first.click()
    visitor.page.wait_for_url(
        re.compile(re.escape(urlsplit(house.newsroom.addresses.counter).netloc))
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_a_reader_subscribes_confirms_and_leaves(house, visit, javascript):
    reader = visit(javascript=javascript)
    address = f"reader-{javascript}@example.org".lower()

    subscribe(reader, house, address)
    house.work()
    confirmation = text_of(house.letters()[-1])
    reader.page.goto(link_in(confirmation, "confirm"))
    reader.page.locator("main button").first.click()
    expect(reader.page.locator("h1")).to_be_visible()
    house.work()

    assert reader.cookies() == []
    assert reader.hosts() <= {house.edition, house.newsroom.addresses.counter}


def test_known_and_unknown_addresses_get_the_same_answer(house, visit):
    reader = visit()
    answers = []
    for _ in range(2):
        subscribe(reader, house, "twice@example.org")
        answers.append(reader.page.locator("main").inner_text())
        house.work()

    assert answers[0] == answers[1]


def give(visitor, house, *, interval, card):
    open_article(visitor, house)
    page = visitor.page
    form = page.locator("form[action*='/give']").first
    form.locator(f"label:has(input[name=interval][value={interval}])").click()
    form.locator("button").first.click()
    page.locator("main input[type=checkbox]").first.check()
    page.locator("main button").first.click()
    page.wait_for_url(re.compile(re.escape(urlsplit(house.newsroom.addresses.till).netloc)))
    page.locator("input[name=number]").fill(card)
    page.locator("main button").first.click()
    page.wait_for_load_state()


def test_a_reader_gives_monthly_and_stops_without_an_address(house, visit):
    reader = visit()

    give(reader, house, interval="month", card="4242424242424242")
    reader.page.wait_for_url(re.compile("/thanks/"))
    manage = reader.page.locator("a[href*='/manage/']").first.get_attribute("href")
    reader.page.goto(manage)
    reader.page.locator("main button").first.click()
    reader.page.wait_for_load_state()
    reader.page.goto(manage)

    assert reader.page.locator("main form button").count() == 0
    assert reader.cookies() == []


def test_a_card_from_a_listed_country_is_refused(house, visit):
    reader = visit(javascript=False)

    give(reader, house, interval="once", card="4000006430000009")

    expect(reader.page.locator("h1")).to_be_visible()
    assert urlsplit(reader.page.url).netloc == urlsplit(house.newsroom.addresses.till).netloc
    assert "/thanks/" not in reader.page.url


def test_a_reader_is_reminded_when_the_time_has_come(house, visit):
    reader = visit()
    open_article(reader, house)
    reader.page.locator("details summary").first.click()
    form = reader.page.locator("form[action*='/remind']").first
    form.locator("input[type=email]").fill("later@example.org")
    form.locator("button").first.click()
    reader.page.wait_for_load_state()
    house.work()
    before = len(house.letters())

    house.command("clock", "--forward", "45d")
    house.work()

    assert len(house.letters()) > before
    assert link_in(text_of(house.letters()[-1]), "remind/cancel")
