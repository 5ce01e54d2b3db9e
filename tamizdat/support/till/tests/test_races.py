"""Two browsers, two cards, one draft: in threads, on the database that the tests run on."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import permutations
from threading import Barrier

import pytest
from django.db import connections

from tamizdat.support.till import actions
from tamizdat.support.till.corrections import CORRECTION, FIRST, LASTS, Corrections
from tamizdat.support.till.models import Charge, Contribution
from tamizdat.support.tokens import digest

pytestmark = pytest.mark.django_db(databases=["till"], transaction=True)
FRENCH, GERMAN, ALSO_FRENCH = "4242424242424242", "5555555555554444", "4000000000000341"
ROUNDS = 3


@pytest.fixture(autouse=True)
def empty_books(shop):
    yield
    for rows in (Charge, Contribution):
        rows.objects.all().delete()


def at_once(*jobs):
    """Do all this in threads that start together, and return what each gave."""
    barrier = Barrier(len(jobs))

    def run(job):
        barrier.wait()
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.parametrize("cards", [(FRENCH, GERMAN), (FRENCH, ALSO_FRENCH), (FRENCH, FRENCH)])
def test_two_cards_that_race_pay_once_and_the_books_name_the_country_that_paid(shop, cards):
    for _ in range(ROUNDS):
        draft = shop.begin("month")

        at_once(*(partial(shop.pay, draft, card) for card in cards))

        contribution = Contribution.objects.get(token_hash=digest(draft.token))
        with shop.service.service.book.change() as db:
            (paid,) = db.execute(
                "SELECT card FROM gift WHERE key = ?", (contribution.key,)
            ).fetchall()
        assert (contribution.state, contribution.charges.count()) == ("running", 1)
        assert contribution.country == ("DE" if paid["card"] == GERMAN else "FR")
    assert len(shop.charged_there()) == ROUNDS
    assert shop.charged_here() == shop.charged_there()


@pytest.mark.parametrize("country", ["FR", "DE"])
def test_listing_either_country_stops_what_its_cards_pay(shop, country):
    for _ in range(ROUNDS):
        draft = shop.begin("month")
        at_once(partial(shop.pay, draft, FRENCH), partial(shop.pay, draft, GERMAN))
    shop.refuse_also(country)

    shop.sweep()

    card = FRENCH if country == "FR" else GERMAN
    with shop.service.service.book.change() as db:
        rows = db.execute("SELECT state FROM gift WHERE card = ?", (card,)).fetchall()
        others = db.execute("SELECT state FROM gift WHERE card != ?", (card,)).fetchall()
    assert {row["state"] for row in rows} <= {"stopped"}
    assert {row["state"] for row in others} <= {"running"}


def test_of_twenty_wishes_at_once_one_is_first(shop):
    _, contribution = shop.give("month")

    answers = at_once(*[lambda: actions.wish_receipt(contribution.token_hash)] * 20)

    assert sorted(answers) == [False] * 19 + [True]


@pytest.mark.parametrize("back", list(permutations((FIRST, CORRECTION))))
def test_no_number_of_a_wish_is_out_twice(shop, back):
    """Whatever the order in which two wishes are taken back, of which nothing was kept."""
    corrections = Corrections()
    assert corrections.spend("a hash", f"{FIRST}", shop.at, noted=True) == FIRST
    assert corrections.spend("a hash", f"{CORRECTION}", shop.at, noted=False) == CORRECTION

    first, _ = back
    assert not corrections.give_back("a hash", f"{first}", shop.at)
    again = corrections.spend("a hash", f"{CORRECTION}", shop.at, noted=False)
    assert again == (CORRECTION if first == CORRECTION else None)
    corrections.give_back("a hash", f"{CORRECTION}", shop.at)
    corrections.give_back("a hash", f"{FIRST}", shop.at)
    left = corrections.spend("a hash", "another", shop.at, noted=False)
    assert left is None, "the next one is a first wish"


def test_a_wish_is_taken_back_within_the_hour_only(shop):
    corrections = Corrections()
    corrections.spend("a hash", "one", shop.at, noted=True)

    assert not corrections.give_back("a hash", "one", shop.at + LASTS)


def test_of_twenty_corrections_at_once_one_is_taken(shop):
    corrections = Corrections()
    corrections.spend("a hash", "first", shop.at, noted=True)

    answers = at_once(
        *[partial(corrections.spend, "a hash", f"{n}", shop.at, noted=False) for n in range(20)]
    )

    assert answers.count(CORRECTION) == 1
    assert answers.count(None) == 19
