"""A shard that is amended is, to the byte, the one that is made from all of its articles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.press.search import index
from tamizdat.press.search.incremental import amended
from tamizdat.press.search.index import Entry

TEXTS = st.text(st.sampled_from("abcde àй کم ' 12"), max_size=30)
TEXTS_OF_ONE = st.tuples(TEXTS, TEXTS, TEXTS)
ARTICLES = st.dictionaries(st.integers(0, 99), TEXTS_OF_ONE, min_size=1, max_size=30)


def entries(articles):
    """Return articles in their order, each with its way on its card."""
    return [Entry((f"{number:02}.html", texts[0]), *texts) for number, texts in articles]


def made(articles, language="en"):
    return index.files(entries(articles), language)


@settings(max_examples=300)
@given(ARTICLES, ARTICLES, st.data())
def test_a_shard_is_the_same_whichever_way_it_was_made(before, changes, data):
    after = before | changes
    for number in data.draw(st.sets(st.sampled_from(sorted(after)), max_size=len(after) - 1)):
        del after[number]
    ordered = sorted(after.items())
    fresh = {
        entry.card[0]: entry
        for (number, texts), entry in zip(ordered, entries(ordered), strict=True)
        if before.get(number) != texts
    }
    ways = [entry.card[0] for entry in entries(ordered)]

    assert amended(made(sorted(before.items())), ways, fresh, "en") == made(ordered)


@pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
def test_a_full_shard_takes_one_out_of_its_middle(language):
    articles = [(n, (f"w{n % 9}", f"w{n % 17} й", "w1 w2 کم")) for n in range(300)]
    left = articles[:100] + articles[101:]
    ways = [entry.card[0] for entry in entries(left)]

    assert amended(made(articles, language), ways, {}, language) == made(left, language)


def test_what_it_cannot_know_it_does_not_guess():
    articles = [(n, ("a", "b", f"c{n}")) for n in range(10)]
    files, ways = made(articles), [entry.card[0] for entry in entries(articles)]

    assert amended(files, ways[::-1], {}, "en") is None
    assert amended(files, [*ways, "unheard-of.html"], {}, "en") is None
    del files["words-1.txt"]
    assert amended(files, ways, {}, "en") is None
    assert amended({}, ways, {}, "en") is None
    assert amended({}, ways, dict(zip(ways, entries(articles), strict=True)), "en") is None
