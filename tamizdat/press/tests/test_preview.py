"""The desk's preview is the very page that readers will get."""

import re

from tamizdat.desk import preview as desk_preview
from tamizdat.press import preview


def draw(page):
    return preview.draw(page)[0]


def without_addresses(html):
    """Return a page without what differs by where it stands: links and picture addresses."""
    return re.sub(r'(href|src|srcset)="[^"]*"', "", html)


def test_a_preview_is_the_page_that_is_then_published(newsdesk, edition):
    article = newsdesk.article("As seen", text="<p>Some words.</p>")
    newsdesk.publish()

    shown = draw(article)

    assert without_addresses(shown) == without_addresses(edition.page("en/2026/11/as-seen.html"))


def test_a_preview_shows_the_draft_and_its_pictures_from_the_desk(newsdesk, edition):
    article = newsdesk.article(
        "Seen", lead_picture=newsdesk.picture(), lead_alt="A", lead_caption="B"
    )
    newsdesk.publish()
    article.title = "Only a draft"

    shown = draw(article)

    assert "Only a draft" in shown
    assert 'src="/media/' in shown
    assert "Only a draft" not in edition.page("en/2026/11/seen.html")


def test_a_preview_loads_only_from_the_desk(newsdesk):
    """Its policy refuses the rest; the page's links lead to the edition all the same."""
    newsdesk.publish()

    shown = draw(newsdesk.plain("Where we print"))

    assert '<link rel="icon" href="/preview/favicon.svg">' in shown
    assert not re.search(r'(?:src|srcset)="http', shown)


def test_front_and_plain_pages_have_previews_too(newsdesk):
    newsdesk.publish()
    plain = newsdesk.plain("Where we print")

    assert "Where we print" in draw(plain)
    assert "The Test Sheet" in draw(newsdesk.front())


def test_the_desk_draws_its_previews_with_us(newsdesk):
    newsdesk.publish()

    answer = desk_preview.answer(newsdesk.plain("Where we print"))

    assert "Where we print" in answer.content.decode()
