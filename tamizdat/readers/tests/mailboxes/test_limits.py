"""No form of ours fills a stranger's mailbox."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.readers.counter.answers import page
from tamizdat.readers.mailboxes.addresses import limit_tag
from tamizdat.readers.mailboxes.limits import WITHIN, WeeklyLimits

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


def test_asking_whether_a_letter_may_go_counts_nothing(limits):
    assert all(limits.may("ada@example.org", uuid4(), NOON) for _ in range(5))


def test_a_mailbox_that_is_to_get_nothing_gets_nothing_in_any_spelling(limits):
    limits.silence("ada@example.org", NOON)

    for address in ("ada@example.org", "Ada+1@example.org"):
        assert not limits.allow(address, uuid4(), NOON + 6 * DAY)
    assert limits.allow("bob@example.org", uuid4(), NOON)


def test_that_a_mailbox_gets_nothing_is_forgotten_unless_each_unlock_says_it(limits):
    for day in range(0, 70, 7):
        limits.silence("ada@example.org", NOON + day * DAY)
        assert not limits.may("ada@example.org", uuid4(), NOON + (day + 6) * DAY)

    assert limits.may("ada@example.org", uuid4(), NOON + (70 + 14) * DAY)


def test_a_mailbox_whose_owner_says_so_gets_letters_again(limits):
    limits.silence("ada@example.org", NOON)
    limits.welcome("ada@example.org")

    assert limits.allow("ada@example.org", uuid4(), NOON)


def test_a_mailbox_that_wants_nothing_more_gets_letters_only_after_its_own_yes(limits):
    limits.stop("ada@example.org", NOON)

    limits.welcome("ada+two@example.org")
    assert not limits.may("ada@example.org", uuid4(), NOON)

    limits.resume("ada@example.org")
    assert limits.may("ada@example.org", uuid4(), NOON)


MORE_THAN_A_WEEK = {
    "en": "more than a week",
    "ru": "больше недели",
    "uk": "понад тиждень",
    "fa": "بیش از یک هفته",
}


@pytest.mark.parametrize("began", [0, 3, 6.9, 7, 13.9], ids="said on day {}".format)
def test_nothing_more_lasts_as_long_without_an_unlock_as_its_page_says(limits, began):
    """Its memory is replaced each week. Wherever in the week it was said, it holds for a week."""
    limits.may("bob@example.org", uuid4(), NOON)
    said = NOON + began * DAY
    limits.stop("ada@example.org", said)

    assert not limits.may("ada@example.org", uuid4(), said + WITHIN)
    assert limits.may("ada@example.org", uuid4(), said + 2 * WITHIN)


@pytest.mark.parametrize("language", MORE_THAN_A_WEEK)
def test_who_wants_nothing_more_reads_for_how_long_that_holds_without_an_unlock(language):
    answer = page("counter/mailbox_done.html", language, said="stop")

    assert MORE_THAN_A_WEEK[language] in answer.content.decode()


def test_others_have_limits_of_their_own(limits):
    assert all(limits.allow(f"reader{n}@example.org", uuid4(), NOON) for n in range(100))


def test_nothing_of_an_address_shows(limits):
    limits.allow("ada@example.org", uuid4(), NOON)
    limits.silence("ada@example.org", NOON)
    limits.stop("ada@example.org", NOON)

    (week,) = limits._weeks
    assert len(week.sent) == len(week.silent) == len(week.stopped) == len(limits._asked) == 1
    kept = f"{dict(week.sent)} {dict(week.silent)} {dict(week.stopped)} {dict(limits._asked)}"
    assert "ada" not in kept.lower().replace(limit_tag(week.key, "ada@example.org"), "")
