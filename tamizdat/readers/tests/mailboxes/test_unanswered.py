"""How many letters nobody answered: counted by keyed hash, and forgotten after twelve months."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tamizdat.readers.mailboxes import unanswered
from tamizdat.readers.models import Unanswered

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEY, TAG = b"1" * 32, "a tag"


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), date(2027, 12, 1)),
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), date(2027, 12, 1)),
        (datetime(2026, 12, 31, tzinfo=UTC), date(2028, 1, 1)),
        (datetime(2028, 1, 31, tzinfo=UTC), date(2029, 2, 1)),
        (datetime(2028, 2, 29, tzinfo=UTC), date(2029, 3, 1)),
    ],
    ids=str,
)
def test_a_letter_counts_for_twelve_months_at_least(at, until):
    assert unanswered.kept_until(at) == until


def count(at):
    return unanswered.add(TAG, unanswered.kept_until(at))


def test_letters_are_forgotten_twelve_months_after_the_last(db):
    assert [count(NOON), count(NOON + 100 * DAY)] == [1, 2]

    assert unanswered.forget_over(NOON + 450 * DAY) == 0
    assert unanswered.forget_over(NOON + 500 * DAY) == 1
    assert unanswered.letters(TAG) == 0


def test_a_clock_that_was_ahead_keeps_nothing_longer(db):
    count(NOON + 5000 * DAY)

    unanswered.forget_over(NOON)

    assert Unanswered.objects.get().until == unanswered.kept_until(NOON)


def test_a_mailbox_has_another_tag_for_each_budget_and_in_each_newsroom():
    tags = {
        unanswered.tag(key, "a mailbox", budget)
        for key in (KEY, b"2" * 32)
        for budget in ("", "reminder")
    }

    assert len(tags) == 4
