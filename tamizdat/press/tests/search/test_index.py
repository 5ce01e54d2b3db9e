"""A shard of the search holds every word, in files that are small and always the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.press.content.lists import SHARD
from tamizdat.press.search import index
from tamizdat.press.search.analysis import words
from tamizdat.press.search.index import Entry
from tamizdat.press.tests.search.index_read import find, unpacked

LETTERS = "abcdefgxyz абвгдёйьюя' їєґ کيیه\u200c۱۲ -.12"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=60)
ARTICLES = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=20)


def entries(texts):
    return [Entry((str(number),), *each) for number, each in enumerate(texts)]


@settings(max_examples=60)
@given(ARTICLES, st.sampled_from(["en", "ru", "uk", "fa"]))
def test_every_word_of_an_article_finds_it(texts, language):
    files = index.files(entries(texts), language)

    for number, texts_of_one in enumerate(texts):
        for word in " ".join(texts_of_one).split():
            if list(words(word, language)):
                assert [str(number)] in find(files, word, language), word


@settings(max_examples=30)
@given(ARTICLES)
def test_its_files_are_known_before_any_text_is(texts):
    files = index.files(entries(texts), "en")

    assert sorted(files) == sorted(index.names(len(texts)))
    assert files == index.files(entries(texts), "en")


@settings(max_examples=30)
@given(ARTICLES)
def test_every_word_stands_turned_among_the_ends(texts):
    files = index.files(entries(texts), "ru")

    def every(kind):
        return [
            word
            for name, raw in files.items()
            if name.startswith(kind)
            for word in unpacked(raw)
        ]  # fmt: skip

    assert {word[::-1] for word in every("ends")} == set(every("words"))


def test_a_file_of_words_passes_where_connections_freeze():
    vocabulary = [f"{head}{tail}" for head in "abcdefghij" for tail in range(2_000)]
    texts = [
        ("", "", " ".join(vocabulary[(37 * n + step * 53) % 20_000] for step in range(700)))
        for n in range(SHARD)
    ]

    files = index.files(entries(texts), "en")

    assert max(len(raw) for raw in files.values()) < 16_000


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(("tram", "", "a b c"), ("a", "", "tram b c"), id="headline over body"),
        pytest.param(("a", "tram", "b c"), ("a", "", "tram b c"), id="standfirst over body"),
        pytest.param(("", "", "tram tram tram a"), ("", "", "tram a b c"), id="often over once"),
        pytest.param(("", "", "tram"), ("", "", "tram" + " a" * 3_000), id="short over long"),
    ],
)
def test_what_says_more_about_an_article_weighs_more(better, worse):
    levels = [index.levels(entry, "en")["tram"] for entry in entries([better, worse])]

    assert levels[0] > levels[1]


def test_an_empty_shard_has_no_file():
    assert index.names(0) == []
