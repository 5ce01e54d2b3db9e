from zoneinfo import ZoneInfo

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.locales.formats import LocaleFormats
from tamizdat.lib.money import Money, MoneyError, decimals, parse, rounded
from tamizdat.lib.newsroom import LANGUAGES

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
        pytest.param("12eur", "EUR", 1200, id="with the code in small letters"),
        pytest.param("€5", "EUR", 500, id="with the sign before it"),
        pytest.param("5 евро", "EUR", 500, id="with the name"),
        pytest.param("۵ یورو", "EUR", 500, id="with the Persian name"),
        pytest.param("5 euros", "EUR", 500, id="with the plural"),
        pytest.param("$5", "USD", 500, id="dollars where dollars are asked"),
        pytest.param("5 грн", "UAH", 500, id="hryvnias where hryvnias are asked"),
        pytest.param("500", "HUF", 50_000, id="forints"),
        pytest.param("\u200f۵\u200f", "EUR", 500, id="with direction marks"),
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
        "$5",
        "5$",
        "USD 5",
        "5 грн",
        "5 zł",
        "EUR 5 €",
        "5 € 50",
        "5€50",
        "5 50",
        "5'50",
        "10 0000",
        "5²",
        "½",
        "5\u06f5",
        "۵٫۰۰۰",
        "5 ¤",
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


FORMS = {language: LocaleFormats(language, ZoneInfo("UTC")) for language in LANGUAGES}


ALL = sorted(list_currencies())


def read_back(minor, currency, language):
    return parse(FORMS[language].money(minor, currency), currency).minor


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_we_show_is_read_back_as_the_same_amount_in_every_currency(language):
    tried = [(minor, currency) for minor in (1, 1000, 50_000, 1_234_567) for currency in ALL]

    wrong = [one for one in tried if read_back(*one, language) != one[0]]

    assert wrong == []


@given(st.integers(1, 10**11), st.sampled_from(ALL), st.sampled_from(sorted(LANGUAGES)))
def test_any_amount_that_we_show_is_read_back(minor, currency, language):
    assert read_back(minor, currency, language) == minor


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"fa"}))
def test_what_is_shown_for_a_typed_amount_is_the_typed_amount(language):
    for currency in ALL:
        shown = FORMS[language].money(parse("500", currency).minor, currency)
        number = shown.removesuffix(currency).replace(",", ".")
        assert "500" in number, currency
        assert "500.00" not in number or decimals(currency) > 2, currency
        assert "50.000" not in number, currency


@given(st.sampled_from(ALL), st.sampled_from(sorted(LANGUAGES)))
def test_another_currencys_amount_is_refused(other, language):
    if other in {"EUR", "XXX"}:
        return
    with pytest.raises(MoneyError):
        parse(FORMS[language].money(12_345_678, other), "EUR")


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
