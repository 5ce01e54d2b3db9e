"""Whatever the till answers: a wish for receipts stays, or goes by an answer that is right."""

import json
import re
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.letters.tests.conftest import NOON, key_folder, room
from tamizdat.readers.sealed_records.wishes import NotNowError, Wish
from tamizdat.support import till_client
from tamizdat.support.providers.base import INTERVALS
from tamizdat.support.till import states
from tamizdat.support.till_client import Till
from tamizdat.support.wishes import answering

__all__ = ["key_folder", "room"]
pytestmark = pytest.mark.django_db
DETAILS = {
    "token": "a" * 26, "asked": "2026-11-01", "each": True, "wish": 1,
    "told": 1, "agreed": True, "until": "",
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["running", "once", "2026-11-01", "EUR", 1, 2, 1001, 1.0]),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=6), each, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip


def charge(number):
    return {"number": number, "month": "2026-11-01", "minor": 500, "currency": "EUR"}


def right():
    return {
        "state": "running", "reason": "", "minor": 500, "currency": "EUR", "interval": "month",
        "month": "2026-10-01", "to_stop": False, "next": None, "charges": [charge(1)],
    }  # fmt: skip


@st.composite
def spoilt(draw):
    """A right answer in which any field, of it or of a charge, may be anything, or missing."""
    answer = right()
    numbers = draw(st.sampled_from([[], [1], [1, 2], [2, 1], [1, 1]]))
    answer["charges"] = [charge(n) for n in numbers]
    into = draw(st.sampled_from([answer, *answer["charges"]]))
    name = draw(st.sampled_from(sorted(into)))
    if draw(st.booleans()):
        into[name] = draw(JSON | st.sampled_from([*states.STATES, *INTERVALS]))
    else:
        del into[name]
    return answer


def is_day(said):
    try:
        return bool(date.fromisoformat(said))
    except (TypeError, ValueError):
        return False


def is_amount(said):
    minor, currency = said.get("minor"), said.get("currency")
    return (
        type(minor) is int
        and 0 <= minor <= 10**12
        and isinstance(currency, str)
        and bool(re.fullmatch("[A-Z]{3}", currency))
    )


def is_right(said):
    """Whether our till can have said so."""
    if not isinstance(said, dict):
        return False
    charges = said.get("charges")
    if not isinstance(charges, list) or not all(isinstance(each, dict) for each in charges):
        return False
    numbers = [each.get("number") for each in charges]
    return (
        said.get("state") in states.STATES
        and said.get("interval") in INTERVALS
        and type(said.get("to_stop")) is bool
        and is_day(said.get("month"))
        and "next" in said
        and (said["next"] is None or is_day(said["next"]))
        and all(is_amount(each) for each in (said, *charges))
        and all(is_day(each.get("month")) for each in charges)
        and all(type(n) is int and 1 <= n <= 1000 for n in numbers)
        and numbers == sorted(set(numbers))
    )


@pytest.fixture
def answered(room, monkeypatch):
    """Return what becomes of a yes when the till says this; None where it waits."""
    wish = Wish(uuid4(), "receipt", "en", DETAILS)
    monkeypatch.setattr(answering, "_amount", lambda *_about: "€5")

    def answered(said):
        raw = json.dumps(said).encode()
        monkeypatch.setattr(Till, "_exchange", lambda *_about: (200, raw))
        try:
            return answering._receipt(wish, [], NOON)
        except NotNowError:
            return None

    return answered


def test_a_yes_is_lost_by_right_answers_only(answered):
    @given(said=spoilt() | JSON)
    def law(said):
        assert answered(said) is None or is_right(said)

    law()


def test_a_right_answer_keeps_it_and_one_that_stopped_ends_it(answered):
    assert answered(right()).keep == DETAILS
    assert answered(right() | {"state": "stopped"}).keep is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "closed"}, {"state": None}, {"interval": "week"}, {"to_stop": 0},
        {"charges": [charge(1001)]}, {"charges": [charge(0)]}, {"charges": [charge("2")]},
        {"charges": [charge(2), charge(1)]}, {"charges": [charge(2), charge(2)]},
        {"charges": [charge(2.0)]}, {"charges": [charge(number=True)]}, {"charges": {}},
        {"next": ""},
    ],
    ids=str,
)  # fmt: skip
def test_nonsense_leaves_it_as_it_is(answered, wrong):
    assert answered(right() | wrong) is None


def test_the_words_are_the_till_s():
    assert set(till_client.STATES) == set(states.STATES)
    assert till_client.INTERVALS == INTERVALS
