"""Text made harmless: what is let through unlooked-at is what the cleaner would have given back."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tamizdat.desk import cleaning

HARMLESS = (
    *("&amp;", "&lt;", "&gt;", "&nbsp;", "\n", "\u200c", "\u202e", "\x00", " ", "  ", "word"),
    *("نوشته", "слово", '"', "'", "\ufeff", "e\u0301", "\ufdd0", "😀"),
)


def said():
    return some.lists(some.sampled_from(HARMLESS), max_size=4).map("".join)


def marked():
    tags = some.sampled_from(("b", "i", "em", "strong"))
    return some.tuples(tags, said()).map(lambda of: f"<{of[0]}>{of[1]}</{of[0]}>")


def paragraph():
    begun = some.sampled_from(("<p>", '<p data-block-key="k2x">'))
    inside = some.lists(some.one_of(said(), marked()), max_size=4).map("".join)
    return some.tuples(begun, inside).map(lambda of: f"{of[0]}{of[1]}</p>")


def looked_at(raw):
    """Return what the cleaner makes of it, whatever it looks like."""
    said = cleaning.text(raw)
    cleaned = cleaning._cleaned(said, cleaning.BLOCK, lambda _page: None)
    return cleaning.EMPTY.sub("", cleaned).strip()


@given(some.lists(paragraph(), max_size=3).map("".join))
def test_plain_paragraphs_are_what_the_cleaner_would_make_of_them(raw):
    assert cleaning.PLAIN.fullmatch(cleaning.text(raw))
    assert cleaning.html(raw, lambda _page: None) == looked_at(raw)


@given(some.lists(paragraph(), min_size=1, max_size=3).map("".join), some.data())
def test_a_paragraph_that_breaks_off_is_made_whole(raw, data):
    broken = raw[: data.draw(some.integers(0, len(raw) - 1))]
    assert cleaning.html(broken, lambda _page: None) == looked_at(broken)


@pytest.mark.parametrize(
    "raw",
    [
        '<p data-block-key="x1">One <b>bold</b> word, <i>another</i>.</p><p></p>',
        "<p>A &amp; B &lt; C&nbsp;D</p>",
        "<p>نوشته\u200cها</p>",
    ],
)
def test_what_our_editor_writes_need_not_be_looked_at(raw):
    assert cleaning.PLAIN.fullmatch(raw)
    assert cleaning.html(raw, lambda _page: None) == looked_at(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "<p>One <script>evil()</script></p>",
        "<p onclick='x'>One</p>",
        '<p data-block-key="x" onclick="y">One</p>',
        "<p>One <b>two</p></b>",
        "<p>One &#1; two</p>",
        "<p>One & two</p>",
        "<p>One\xa0two</p>",
        "<p>One",
        "One",
    ],
)
def test_anything_else_is_looked_at(raw):
    assert not cleaning.PLAIN.fullmatch(raw)


@given(some.text(max_size=40))
def test_no_forbidden_character_comes_through(raw):
    assert cleaning.text(raw) == cleaning.FORBIDDEN.sub("", raw).strip()
