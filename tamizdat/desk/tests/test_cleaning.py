"""Text made harmless, with every word that was in it."""

import re
from html import unescape

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


def cleaned(raw):
    return cleaning.html(raw, lambda _page: None)


@given(some.lists(paragraph(), max_size=3).map("".join))
def test_paragraphs_of_our_own_editor_come_through_with_all_their_words(raw):
    words = [unescape(part) for part in re.split(r"<[^>]*>", cleaning.text(raw))]
    kept = [unescape(part) for part in re.split(r"<[^>]*>", cleaned(raw))]

    assert "".join(kept).split() == "".join(words).split()


@given(some.lists(paragraph(), min_size=1, max_size=3).map("".join), some.data())
def test_what_breaks_off_is_made_whole_and_cleaning_it_again_changes_nothing(raw, data):
    broken = raw[: data.draw(some.integers(0, len(raw) - 1))]
    once = cleaned(broken)

    assert once.count("<p>") == once.count("</p>")
    assert cleaned(once) == once


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (
            '<p data-block-key="x1">One <b>bold</b> word, <i>another</i>.</p><p></p>',
            "<p>One <strong>bold</strong> word, <em>another</em>.</p>",
        ),
        ("<p>A &amp; B &lt; C&nbsp;D</p>", "<p>A &amp; B &lt; C&nbsp;D</p>"),
        ("<p>نوشته\u200cها</p>", "<p>نوشته\u200cها</p>"),
        ("<p>One <script>evil()</script></p>", "<p>One </p>"),
        ("<p onclick='x'>One</p>", "<p>One</p>"),
        ('<p data-block-key="x" onclick="y">One</p>', "<p>One</p>"),
        ("<p>One &#1; two</p>", "<p>One  two</p>"),
        ("<p>One & two</p>", "<p>One &amp; two</p>"),
        ("<p>One", "<p>One</p>"),
        ("One", "One"),
    ],
)
def test_it_comes_out_as_it_may_stand_in_a_page(raw, clean):
    assert cleaned(raw) == clean


@given(some.text(max_size=40))
def test_no_forbidden_character_comes_through(raw):
    assert cleaning.text(raw) == cleaning.FORBIDDEN.sub("", raw).strip()
