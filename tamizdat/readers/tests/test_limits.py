"""No form of ours fills a stranger's mailbox."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.readers.limits import WeeklyLimits

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def limits():
    return WeeklyLimits()


def test_two_letters_in_seven_days_and_then_none(limits):
    days = [0, 2, 4, 6]

    assert [limits.allow("ada@example.org", uuid4(), NOON + n * DAY) for n in days] == [
        *(True, True, False, False),
    ]
    assert limits.allow("ada@example.org", uuid4(), NOON + 7 * DAY)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_there_are_never_more_than_two_in_any_seven_days(pauses):
    limits, at, sent = WeeklyLimits(), NOON, []
    for pause in pauses:
        at += timedelta(hours=pause)
        if limits.allow("ada@example.org", uuid4(), at):
            sent.append(at)

    assert all(third - first >= 7 * DAY for first, third in zip(sent, sent[2:], strict=False))


def test_a_plus_address_is_the_same_mailbox(limits):
    allowed = [limits.allow(f"ada+{n}@example.org", uuid4(), NOON) for n in range(5)]

    assert allowed == [True, True, False, False, False]


def test_a_second_try_of_one_letter_is_not_counted(limits):
    sign_up = uuid4()

    assert all(limits.allow("ada@example.org", sign_up, NOON) for _ in range(5))
    assert limits.allow("ada@example.org", uuid4(), NOON)


def test_who_pressed_the_button_is_not_limited(limits):
    for _ in range(5):
        sign_up = uuid4()
        assert limits.allow("ada@example.org", sign_up, NOON)
        limits.forgive(sign_up)


def test_others_have_limits_of_their_own(limits):
    assert all(limits.allow(f"reader{n}@example.org", uuid4(), NOON) for n in range(100))


def test_nothing_of_an_address_shows(limits):
    limits.allow("ada@example.org", uuid4(), NOON)

    assert "ada" not in repr(limits._weeks)
