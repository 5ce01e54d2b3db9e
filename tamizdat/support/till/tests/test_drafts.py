"""Drafts travel with the reader: what the till knows again, and what nobody else learns."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib import clock
from tamizdat.lib.money import Money
from tamizdat.support import tokens
from tamizdat.support.till import drafts, sealed, views
from tamizdat.support.till.closed import LOOKS, Closed
from tamizdat.support.till.drafts import ATTEMPTS, KNOWN_FOR, LASTS

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIVE = Money(500, "EUR")


def begin(at=NOON, money=FIVE, interval="month"):
    return drafts.begin(money, interval, "ru", at)


def test_it_can_be_paid_for_half_an_hour_and_is_known_for_longer_than_a_banks_question():
    draft = begin()

    assert draft.may_pay(NOON + LASTS - timedelta(seconds=1))
    assert not draft.may_pay(NOON + LASTS)
    assert draft.is_known(NOON + timedelta(hours=25))
    assert not draft.is_known(NOON + KNOWN_FOR)


@given(st.integers(1, 10**11), st.sampled_from(["once", "month", "year"]))
def test_a_till_that_was_restarted_knows_all_of_it_again(tmp_path_factory, minor, interval):
    keys = tmp_path_factory.getbasetemp() / "keys"
    keys.mkdir(exist_ok=True)
    draft = begin(money=Money(minor, "EUR"), interval=interval)

    assert sealed.opened(sealed.seal(draft, "pay", keys), "pay", keys) == draft


def test_the_same_draft_has_the_same_address_and_its_length_tells_nothing(tmp_path):
    small, large = begin(), begin(money=Money(99_999_999, "EUR"), interval="once")

    assert sealed.seal(small, "return", tmp_path) == sealed.seal(small, "return", tmp_path)
    assert sealed.seal(small, "return", tmp_path) != sealed.seal(small, "pay", tmp_path)
    assert len(sealed.seal(small, "pay", tmp_path)) == len(sealed.seal(large, "pay", tmp_path))


def test_what_the_service_is_told_opens_no_payment_page(tmp_path):
    assert sealed.opened(sealed.seal(begin(), "return", tmp_path), "pay", tmp_path) is None


@pytest.mark.parametrize("where", [0, 15, 40, -1])
def test_an_address_that_was_changed_opens_nothing(tmp_path, where):
    text = list(sealed.seal(begin(), "pay", tmp_path))
    text[where] = "A" if text[where] != "A" else "Q"

    assert sealed.opened("".join(text), "pay", tmp_path) is None


@given(st.text(max_size=500))
def test_whatever_stands_in_an_address_is_a_draft_or_none(tmp_path_factory, text):
    keys = tmp_path_factory.getbasetemp() / "keys"
    keys.mkdir(exist_ok=True)

    assert sealed.opened(text, "pay", keys) is None


def test_another_tills_key_opens_nothing(tmp_path):
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    text = sealed.seal(begin(), "pay", tmp_path / "ours")

    assert sealed.opened(text, "pay", tmp_path / "theirs") is None
    assert (tmp_path / "ours" / sealed.FILE).stat().st_mode & 0o777 == 0o600


def test_attempts_have_keys_of_their_own_that_every_process_knows():
    one, other = begin(), begin()

    assert len({*one.keys, *other.keys}) == 2 * ATTEMPTS
    assert tokens.is_token(one.token)
    assert one.seed not in "".join(one.keys)


def test_nobody_shows_cards_for_ever():
    closed, draft = Closed(), begin()

    looks = [closed.may_look(draft, NOON) for _ in range(LOOKS + 3)]

    assert looks == [True] * LOOKS + [False] * 3
    assert closed.has(draft)


def test_what_is_closed_is_bounded_and_forgotten_when_it_could_not_be_paid_anyway():
    closed = Closed(at_most=2)
    first, second, third = begin(), begin(), begin()
    for draft in (first, second, third):
        closed.close(draft, NOON)
    assert [closed.has(draft) for draft in (first, second, third)] == [False, True, True]

    closed.may_look(first, NOON + LASTS)

    assert not closed.has(second)


@pytest.mark.django_db(databases=["till"])
def test_a_giver_whose_language_was_given_up_is_led_on_in_the_newsrooms_first(
    newsroom, settings, rf
):
    settings.NEWSROOM = replace(newsroom, languages=("en", "fa"))
    text = sealed.seal(begin(at=clock.now()), "pay", newsroom.keys)

    shown = views.pay(rf.get("/"), text)

    assert shown.status_code == 200
    assert '<html lang="en"' in shown.content.decode()
