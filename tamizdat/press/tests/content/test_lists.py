"""Lists whose pages never shift."""

from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.press.content import lists

COURTS, TRAM = "section:en:1", "topic:en:4"
START = datetime(2026, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def at(number):
    return START + timedelta(hours=number)


def fill(of, numbers):
    return [lists.put(of, number, at(number)) for number in numbers]


def test_an_empty_list_has_no_page():
    assert lists.ends(COURTS) == lists.Ends((), None)
    assert lists.articles(COURTS, ()) == []


def test_the_newest_stand_first():
    fill(COURTS, [1, 2, 3])

    assert lists.articles(COURTS, lists.ends(COURTS).head) == [3, 2, 1]


def test_old_pages_never_shift():
    fill(COURTS, range(1, 101))
    first = lists.articles(COURTS, [1])

    touched = fill(COURTS, range(101, 121))

    assert lists.articles(COURTS, [1]) == first == list(range(30, 0, -1))
    assert all(1 not in pages for pages in touched)


def test_a_page_gets_its_own_address_when_two_newer_ones_are_begun():
    fill(COURTS, range(1, 91))
    assert lists.ends(COURTS) == lists.Ends((3, 2), 1)

    (touched,) = fill(COURTS, [91])

    assert lists.ends(COURTS) == lists.Ends((4, 3), 2)
    assert touched == {lists.HEAD, 1, 2, 3, 4}


def test_one_more_touches_few_pages_of_a_long_list():
    fill(COURTS, range(1, 301))

    touched = lists.put(COURTS, 1_000, at(1_000))

    assert len(touched) <= 6


def test_putting_it_again_touches_nothing():
    fill(COURTS, [1, 2])

    assert lists.put(COURTS, 2, at(2)) == set()


def test_an_older_article_goes_where_its_elder_neighbour_is():
    fill(COURTS, range(2, 200, 2))

    touched = lists.put(COURTS, 31, at(31))

    assert touched == {lists.HEAD, 1}
    assert lists.articles(COURTS, [1])[14:17] == [32, 31, 30]


def test_an_imported_archive_is_cut_anew():
    fill(COURTS, [10_000])
    fill(COURTS, range(1, 200))

    pages = lists.pages(COURTS) - {lists.HEAD}
    assert all(len(lists.articles(COURTS, [page])) <= lists.OVERFULL * lists.PAGE for page in pages)
    assert len(pages) > 1


def test_taking_the_last_of_a_page_joins_its_neighbours():
    fill(COURTS, range(1, 121))
    for number in range(31, 60):
        lists.remove(COURTS, number)

    touched = lists.remove(COURTS, 60)

    assert {lists.HEAD, 1, 2, 3} <= touched
    assert lists.neighbours(COURTS, 1) == (None, 3)
