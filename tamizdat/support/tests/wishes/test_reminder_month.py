from datetime import date

import pytest

from tamizdat.support.wishes.reminder_month import ahead, offered


@pytest.mark.parametrize(
    ("today", "month"),
    [
        pytest.param(date(2026, 11, 1), date(2026, 12, 1), id="the first: next month"),
        pytest.param(date(2026, 11, 19), date(2026, 12, 1), id="the 19th: still next month"),
        pytest.param(date(2026, 11, 20), date(2027, 1, 1), id="the 20th: the one after"),
        pytest.param(date(2026, 11, 30), date(2027, 1, 1), id="the last: the one after"),
        pytest.param(date(2026, 12, 5), date(2027, 1, 1), id="over the year"),
        pytest.param(date(2026, 12, 31), date(2027, 2, 1), id="over the year and further"),
    ],
)
def test_the_month_that_is_offered(today, month):
    assert offered(today) == month


def test_far_ahead():
    assert ahead(date(2026, 11, 23), 14) == date(2028, 1, 1)
