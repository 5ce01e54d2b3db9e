from collections import Counter

import pytest

from tamizdat.desk.importing import filing
from tamizdat.desk.importing.export.wxr import Term
from tamizdat.desk.importing.tests.exports import filed, item, meta, wxr
from tamizdat.desk.importing.tests.test_wxr import items

CITY = Term("category", "city", "City", number=1)
TRAMS = Term("category", "trams", "Trams", "city", number=2)
FOOD = Term("category", "food", "Food", number=3)
KNOWN = {(term.kind, term.slug): term for term in (CITY, TRAMS, FOOD)}


@pytest.fixture
def post(tmp_path):
    return lambda *parts: items(tmp_path, wxr(item(1, *parts)))[0]


def test_up_to_twelve_top_categories_are_all_sections():
    use = {f"c{number}": 1 for number in range(12)}

    assert filing.sections(use, {}) == frozenset(use)


def test_of_more_only_the_eight_best_used_are():
    use = Counter({f"c{number:02}": number for number in range(1, 31)})

    assert filing.sections(use, {}) == {f"c{number}" for number in range(23, 31)}


def test_a_subcategory_counts_for_its_topmost_ancestor():
    assert filing.sections({"trams": 5, "food": 1}, KNOWN) == {"city", "food"}


def test_categories_that_are_each_others_parents_end():
    circle = {
        ("category", "a"): Term("category", "a", "A", "b"),
        ("category", "b"): Term("category", "b", "B", "a"),
    }

    assert filing.top("a", circle) == "b"


def test_the_category_marked_as_primary_counts(post):
    marked = post(
        filed("category", "city", "City"),
        filed("category", "food", "Food"),
        meta("_yoast_wpseo_primary_category", "3"),
    )

    assert filing.file(marked, KNOWN, frozenset({"city", "food"})).section == FOOD
    assert filing.file(marked, KNOWN, frozenset({"city", "food"})).topics == (CITY,)


def test_old_exports_name_a_term_twice(post):
    twice = post('<category domain="tag">Bread</category>', filed("tag", "bread-2", "Bread"))

    assert [term.slug for term in filing.terms_of(twice)] == ["bread-2"]


def test_a_tag_and_a_category_of_one_name_are_one_topic(post):
    both = post(filed("category", "food", "Food"), filed("tag", "food", "Food"))

    assert len(filing.file(both, KNOWN, frozenset()).topics) == 1
