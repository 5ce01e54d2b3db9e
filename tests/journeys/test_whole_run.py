"""The first run of the press, clicked through as its users would."""

import email
import email.policy
import re
import time
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tamizdat.site.demo import making
from tests.waiting import at_last


def text_of(path) -> str:
    """Return the plain text of a letter."""
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return letter.get_body(("plain",)).get_content()


def link_in(text: str, what: str) -> str:
    return re.search(rf"https?://\S*/{what}/\S+", text)[0].rstrip(".)>")


def newest_link(house, what: str) -> str:
    """Return a link of the newest letter. The worker that is served may be at it just now."""
    holds = f"/{what}/"
    assert at_last(lambda: any(holds in text_of(each) for each in house.letters()[-1:])), (
        f"no letter with {holds}"
    )
    return link_in(text_of(house.letters()[-1]), what)


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


def confirm(visitor, house):
    """Follow the link of the newest letter, press its button, and let the desk hear of it."""
    house.work()
    visitor.page.goto(newest_link(house, "confirm"))
    visitor.page.locator("main button").first.click()
    expect(visitor.page.locator("h1")).to_be_visible()
    house.work()


def send_issue(editor, house):
    """Compose, try, approve and send an issue of the first newsletter, as an editor does."""
    page = editor.page
    page.goto(f"{house.desk}/desk/letters/")
    page.get_by_role("button", name="Compose").click()
    page.locator("input[name=subject]").fill("A bell and other sounds")
    page.get_by_role("button", name="Save").click()
    page.locator("input[name=address]").fill("editor@example.org")
    page.get_by_role("button", name="Send a test").click()
    again = page.get_by_role("button", name="look again")
    approve = page.get_by_role("button", name="Approve")
    expect(again.or_(approve)).to_be_visible()
    while again.count():  # until the worker has handed the test over
        again.click()
        expect(again.or_(approve)).to_be_visible()
    approve.click()
    page.get_by_role("button", name=re.compile("^Send to")).click(timeout=60_000)
    page.locator("input[name=passphrase]").fill(making.PASSPHRASE)
    page.get_by_role("button", name=re.compile("Unlock")).click()
    expect(page.locator("body")).to_contain_text("Handed over")


def newest_to(house, address):
    """Wait for the worker to hand over a letter to this address, and return it."""
    for _ in range(120):
        for path in reversed(house.letters()):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if letter["To"] == address and letter["List-Unsubscribe"]:
                return letter
        time.sleep(0.5)
    raise AssertionError("no issue reached this reader")


def test_a_reader_subscribes_reads_friday_s_issue_and_leaves(house, visit, editor):
    reader = visit()
    subscribe(reader, house, "friday@example.org")
    confirm(reader, house)

    send_issue(editor, house)
    letter = newest_to(house, "friday@example.org")
    editor.page.goto(f"{house.desk}/mailbox/")
    editor.page.get_by_text("A bell and other sounds").first.click()
    frame = editor.page.frame_locator("iframe")
    expect(frame.get_by_text("A bell and other sounds").first).to_be_visible()
    reader.page.goto(f"{house.edition}/en/letters/friday/index.html")
    expect(reader.page.locator("main")).to_contain_text("A bell and other sounds")

    leave = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    before = house.rows("readers_reader")
    reader.page.goto(leave)
    house.work()
    assert house.rows("readers_reader") == before  # looking is not leaving
    reader.page.locator("main button").first.click()
    house.work()
    assert house.rows("readers_reader") == before - 1
    assert reader.cookies() == []


def test_a_reader_without_a_script_subscribes_and_confirms(house, visit):
    reader = visit(javascript=False)
    before = house.rows("readers_reader")

    subscribe(reader, house, "plain@example.org")
    confirm(reader, house)

    assert house.rows("readers_reader") == before + 1
    assert reader.cookies() == []
    assert reader.hosts() == {house.edition, house.newsroom.addresses.counter}


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
    page.locator("input[name=handle]").fill(card)
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

    expect(reader.page.locator("h1")).to_have_text("We can't safely take this card")
    assert urlsplit(reader.page.url).netloc == urlsplit(house.newsroom.addresses.till).netloc
    expect(reader.page.locator("form")).to_have_count(0)


def test_a_reader_is_reminded_when_the_time_has_come(house, visit):
    reader = visit()
    open_article(reader, house)
    reader.page.locator("#support .later a").click()
    form = reader.page.locator("form[action*='/remind']").first
    form.locator("input[type=email]").fill("later@example.org")
    form.locator("button").first.click()
    reader.page.wait_for_load_state()
    house.work()
    before = len(house.letters())

    house.command("clock", "--forward", "45d")
    house.work()
    assert len(house.letters()) == before  # it waits, sealed

    house.unlock()

    house.wait_for(lambda: len(house.letters()) > before)
    letter = text_of(house.letters()[-1])
    assert link_in(letter, "remind/cancel")
    reader.page.goto(link_in(letter, "remind/again"))
    reader.page.locator("main button").first.click()
    assert reader.page.locator("h1").inner_text() == "We will remind you once more"
