import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.money import Money
from tamizdat.lib.newsroom import Support
from tamizdat.support.counter.asked import Asked, AskedError, read

SUPPORT = Support()


@pytest.mark.parametrize(
    ("posted", "asked"),
    [
        pytest.param(
            {"interval": "month", "amount_month": "500", "amount_once": "2500"},
            Asked(Money(500, "EUR"), "month"),
            id="the amount of the chosen interval",
        ),
        pytest.param(
            {"interval": "year", "amount_year": "5000", "other": " 7,5 "},
            Asked(Money(750, "EUR"), "year"),
            id="what was typed counts first",
        ),
        pytest.param(
            {"interval": "daily", "amount_once": "500"},
            Asked(Money(500, "EUR"), "once"),
            id="an unknown interval binds nobody",
        ),
        pytest.param(
            {"interval": "month", "minor": "300"},
            Asked(Money(300, "EUR"), "month"),
            id="the declaration's own field",
        ),
        pytest.param(
            {"interval": "once", "other": "۱۲٫۵"},
            Asked(Money(1250, "EUR"), "once"),
            id="Persian digits",
        ),
    ],
)
def test_what_the_form_says(posted, asked):
    assert read(posted, SUPPORT) == asked


@pytest.mark.parametrize(
    ("posted", "problem"),
    [
        ({}, "amount"),
        ({"interval": "month", "amount_once": "500"}, "amount"),
        ({"other": "a fiver"}, "amount"),
        ({"other": "-5"}, "amount"),
        ({"amount_once": "5.5"}, "amount"),
        ({"amount_once": "٥٠٠"}, "amount"),
        ({"other": "1.99"}, "least"),
        ({"amount_once": "1000001"}, "most"),
    ],
)
def test_what_cannot_be_given(posted, problem):
    with pytest.raises(AskedError) as caught:
        read(posted, SUPPORT)
    assert caught.value.problem == problem


@given(st.dictionaries(st.sampled_from(["interval", "other", "amount_once", "minor"]), st.text()))
def test_whatever_is_posted_is_within_the_limits_or_refused(posted):
    try:
        asked = read(posted, SUPPORT)
    except AskedError:
        return
    assert SUPPORT.least <= asked.money.minor <= SUPPORT.most
