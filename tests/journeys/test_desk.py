"""An editor's day at the desk, in a browser."""

import os
import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

HEADLINE = "Ferry bell found under the customs house"


def photograph() -> bytes:
    """Return a photograph that says where it was taken, and by whose camera."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of a source"
    exif.get_ifd(0x8825)[2] = (56.0, 57.0, 0.0)
    data = BytesIO()
    picture = Image.frombytes("RGB", (16, 11), os.urandom(16 * 11 * 3)).resize((1600, 1100))
    picture.save(data, "JPEG", exif=exif, quality=85)
    return data.getvalue()


def new_article(page, house, language="en"):
    page.goto(f"{house.desk}/desk/articles/choose_parent/")
    page.locator(f"main a[lang={language}]").click()
    page.wait_for_load_state("networkidle")


def upload_lead(page, credit="Mila Ostrand"):
    page.get_by_role("button", name="Choose an image").first.click()
    modal = page.locator(".modal-content")
    modal.get_by_role("tab", name="Upload").click()
    form = modal.locator("form[enctype]")
    form.locator("input[type=file]").set_input_files(
        {"name": "bell.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    form.locator("input[name$=title]").fill("The bell")
    form.locator("input[name$=credit]").fill(credit)
    form.locator("button[type=submit]").click()
    chosen = "document.querySelector('input[name=lead_picture]').value !== ''"
    page.wait_for_function(chosen, timeout=90_000)
    expect(modal).to_be_hidden()


def write_body(page, words):
    page.locator("[data-contentpath=body] button[title='Insert a block']").first.click()
    page.get_by_role("option", name=re.compile("^Text$")).first.click()
    text = page.locator("[data-contentpath=body] .public-DraftEditor-content").first
    text.click()
    expect(text).to_be_focused()
    page.keyboard.type(words)
    expect(text).to_contain_text(words)
    # the editor hands its words to the form a quarter of a second after the last key
    kept = page.locator("[data-contentpath=body] input[id$='-value']").first
    expect(kept).to_have_value(re.compile(re.escape(words)))


def choose_section(page, name):
    page.get_by_role("tab", name="Filing").click()
    page.locator("select[name=section]").select_option(label=name)


def press_button(page, name):
    page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").first.click()
    with page.expect_navigation(timeout=60_000):
        page.get_by_role("button", name=re.compile(name)).first.click()
    page.wait_for_load_state("networkidle")


def published_path(house, slug):
    return next((house.newsroom.edition / "current").glob(f"en/20*/*/{slug}.html"), None)


def test_an_article_with_a_photograph_is_on_the_readers_page_at_once(house, editor, visit):
    page = editor.page
    new_article(page, house)
    page.locator("input[name=kicker]").fill("Harbour")
    page.locator("[name=title]").fill(HEADLINE)
    page.locator("[name=standfirst]").fill("It had been ringing in people's stories for years.")
    upload_lead(page)
    page.locator("input[name=lead_caption]").fill("The bell on the quay.")
    page.locator("input[name=lead_alt]").fill("A bronze bell on wet stone.")
    write_body(page, "The bell weighs forty kilograms and has no clapper.")
    choose_section(page, "City")
    press_button(page, "Publish")

    reader = visit(javascript=False)
    link = reader.page.get_by_role("link", name=HEADLINE).first
    for _ in range(120):  # a publisher that is at it takes our change along when it is done
        reader.page.goto(f"{house.edition}/en/index.html")
        if link.count():
            break
        reader.page.wait_for_timeout(500)
    link.click()
    expect(reader.page.locator("h1")).to_have_text(HEADLINE)
    expect(reader.page.locator("figcaption").first).to_contain_text("Mila Ostrand")
    assert reader.page.locator("article img").first.evaluate("image => image.naturalWidth") > 0
    assert editor.hosts() == {house.desk}


def test_a_picture_without_alt_text_is_not_published(house, editor):
    page = editor.page
    new_article(page, house)
    page.locator("[name=title]").fill("The second bell")
    upload_lead(page)
    page.locator("input[name=lead_caption]").fill("Another bell.")
    write_body(page, "There were two.")
    choose_section(page, "City")
    press_button(page, "Publish")

    expect(page.locator("body")).to_contain_text("alt text")
    assert published_path(house, "the-second-bell") is None


@pytest.mark.parametrize("address", ["/desk/", "/desk/articles/", "/desk/letters/", "/mailbox/"])
def test_the_desk_s_pages_call_nobody(house, editor, address):
    editor.page.goto(f"{house.desk}{address}", wait_until="networkidle")

    assert editor.hosts() == {house.desk}
