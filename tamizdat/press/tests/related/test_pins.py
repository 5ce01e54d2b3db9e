"""Editors put articles first in "Read more"."""

import re

import pytest

from tamizdat.press.tests.conftest import in_every_language


@pytest.fixture
def stories(newsdesk):
    """Eight articles of one section, the oldest first."""
    return [newsdesk.article(f"Story {number}") for number in range(8)]


def pin(newsdesk, article, *pinned):
    newsdesk.pin(article, *pinned)
    newsdesk.publish()


def read_more(edition, article):
    """Return the headlines under an article, in their order."""
    page = edition.page(article.place)
    below = page[page.index("Read more") :]
    return list(dict.fromkeys(re.findall(r"Story \d", re.sub(r"What Story \d means", "", below))))


def test_what_is_pinned_comes_first_in_the_editors_order(newsdesk, stories, edition):
    newsdesk.publish()
    assert read_more(edition, stories[7])[0] == "Story 6"

    pin(newsdesk, stories[7], stories[0], stories[5])

    assert read_more(edition, stories[7]) == [f"Story {n}" for n in (0, 5, 6, 4)]


def test_a_pinned_article_takes_its_place_when_it_is_published(newsdesk, stories, edition):
    newsdesk.actions.withdraw(stories[0])
    pin(newsdesk, stories[7], stories[0])
    assert read_more(edition, stories[7])[0] == "Story 6"

    newsdesk.actions.publish(stories[0])
    newsdesk.publish()

    assert read_more(edition, stories[7])[0] == "Story 0"


@in_every_language
def test_neither_itself_nor_another_language_is_under_an_article(newsdesk, stories, edition):
    russian = newsdesk.article("История", "ru")

    pin(newsdesk, stories[7], stories[7], russian, stories[1])

    assert read_more(edition, stories[7])[:2] == ["Story 1", "Story 6"]
    assert "История" not in edition.page(stories[7].place).partition("Read more")[2]
