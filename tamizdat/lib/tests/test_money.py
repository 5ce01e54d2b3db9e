import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.money import Money, MoneyError, decimals, parse, rounded

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
MONEY = st.builds(Money, st.integers(0, 10**11), CURRENCIES)
SCRIPTS = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"]


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        pytest.param("5", "EUR", 500, id="a whole number"),
        pytest.param("5.50", "EUR", 550, id="a point"),
        pytest.param("5,5", "EUR", 550, id="a comma and one decimal"),
        pytest.param(" 5,50 € ", "EUR", 550, id="with the sign"),
        pytest.param("EUR 12", "EUR", 1200, id="with the code"),
        pytest.param("1.000", "EUR", 100_000, id="a point groups thousands"),
        pytest.param("1 000,50", "EUR", 100_050, id="spaces group thousands"),
        pytest.param("1,000.50", "EUR", 100_050, id="English groups"),
        pytest.param("1.000,50", "EUR", 100_050, id="German groups"),
        pytest.param("1,000,000", "EUR", 100_000_000, id="two groups"),
        pytest.param("1'000", "EUR", 100_000, id="Swiss groups"),
        pytest.param("۵٫۵", "EUR", 550, id="Persian digits and mark"),
        pytest.param("١٬٠٠٠", "EUR", 100_000, id="Arabic digits and groups"),
        pytest.param("500", "JPY", 500, id="yen have no smaller unit"),
        pytest.param("1.000", "JPY", 1000, id="yen in groups"),
        pytest.param("1.000", "KWD", 1000, id="of two readings of dinars the smaller"),
        pytest.param("0.5", "EUR", 50, id="less than one"),
    ],
)
def test_what_readers_type(typed, currency, minor):
    assert parse(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-5",
        "five",
        "5.555.5",
        "1,00,000",
        "5.123.",
        ".",
        "0.500",
        "5.5555",
        "1e3",
        "9" * 13,
    ],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(MoneyError):
        parse(typed, "EUR")


def test_yen_have_no_decimals():
    with pytest.raises(MoneyError):
        parse("10.5", "JPY")


@given(MONEY, st.sampled_from(SCRIPTS))
def test_an_amount_written_out_is_read_back_in_any_script(money, digits):
    written = money.decimal.translate(dict(zip(map(ord, "0123456789"), digits, strict=True)))

    assert parse(written, money.currency) == money


@given(st.text(max_size=30), CURRENCIES)
def test_whatever_is_typed_is_an_amount_or_refused(typed, currency):
    try:
        money = parse(typed, currency)
    except MoneyError:
        return
    assert money.minor >= 0
    assert money.currency == currency


@given(MONEY, MONEY)
def test_only_one_currency_adds_up(one, other):
    if one.currency == other.currency:
        assert (one + other).minor == one.minor + other.minor
        assert one + other == other + one
    else:
        with pytest.raises(MoneyError):
            one + other


@given(st.integers(0, 10**12))
def test_a_rounded_sum_keeps_two_figures_and_is_near(minor):
    near = rounded(minor)

    assert abs(near - minor) * 20 <= max(minor, 1)
    assert len(str(near).rstrip("0")) <= 2


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_decimals(currency, places):
    assert decimals(currency) == places


def test_a_currency_is_three_letters():
    with pytest.raises(MoneyError):
        Money(1, "euro")
