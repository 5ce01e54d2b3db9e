"""Dates, numbers and money as each language writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tamizdat.lib.locales.formats import LocaleFormats
from tamizdat.lib.locales.solar_hijri import solar_day

EVENING = datetime(2031, 3, 4, 22, 20, tzinfo=UTC)  # already the 5th in Riga


def form(language):
    return LocaleFormats(language, ZoneInfo("Europe/Riga"))


@pytest.mark.parametrize(
    ("language", "length", "written"),
    [
        ("en", "long", "5 March 2031"),
        ("en", "full", "Wednesday, 5 March 2031"),
        ("en", "day", "5 March"),
        ("ru", "long", "5 марта 2031"),
        ("ru", "full", "Среда, 5 марта 2031"),
        ("uk", "full", "Середа, 5 березня 2031"),
        ("fa", "long", "۱۴ اسفند ۱۴۰۹"),
        ("fa", "full", "چهارشنبه ۱۴ اسفند ۱۴۰۹"),
        ("fa", "day", "۱۴ اسفند"),
    ],
)
def test_a_day(language, length, written):
    assert form(language).date(EVENING, length) == written


@pytest.mark.parametrize(("language", "written"), [("en", "00:20"), ("fa", "۰۰:۲۰")])
def test_a_time_is_the_newsrooms(language, written):
    assert form(language).time(EVENING) == written


def test_machines_read_a_gregorian_day_with_the_offset():
    assert form("fa").iso(EVENING) == "2031-03-05T00:20+02:00"
    assert form("fa").iso(date(2031, 3, 5)) == "2031-03-05"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "March 2031"), ("ru", "Март 2031"), ("uk", "Березень 2031")],
)
def test_a_month_stands_alone_with_a_capital(language, written):
    assert form(language).month(EVENING) == written


@pytest.mark.parametrize(
    ("day", "written"),
    [
        pytest.param(date(2026, 11, 1), "آبان–آذر ۱۴۰۵", id="within a year"),
        pytest.param(date(2027, 3, 31), "اسفند ۱۴۰۵ – فروردین ۱۴۰۶", id="over the new year"),
    ],
)
def test_a_month_in_persian_keeps_to_the_readers_calendar(day, written):
    assert form("fa").month(day) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "February 2027"),
        ("ru", "февраль 2027"),
        ("uk", "лютий 2027"),
        ("fa", "۱۲ بهمن ۱۴۰۵"),
    ],
)
def test_a_month_in_a_sentence(language, written):
    assert form(language).month_ahead(date(2027, 2, 1)) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "2,418"), ("ru", "2\u00a0418"), ("uk", "2\u00a0418"), ("fa", "۲٬۴۱۸")],
)
def test_a_number(language, written):
    assert form(language).number(2418) == written


@pytest.mark.parametrize(
    ("language", "minor", "currency", "written"),
    [
        ("en", 500, "EUR", "€5"),
        ("en", 750, "USD", "$7.50"),
        ("en", 500, "JPY", "¥500"),
        ("ru", 750, "EUR", "7,50\u00a0€"),
        ("uk", 100_000, "EUR", "1\u00a0000\u00a0€"),
        ("fa", 500, "EUR", "۵\u00a0یورو"),
        ("fa", 750, "EUR", "۷٫۵۰\u00a0یورو"),
    ],
)
def test_a_sum(language, minor, currency, written):
    assert form(language).money(minor, currency) == written


@pytest.mark.parametrize(
    ("gregorian", "solar"),
    [
        pytest.param((1979, 2, 11), (1357, 11, 22), id="22 Bahman 1357"),
        pytest.param((2021, 3, 20), (1399, 12, 30), id="last day of a leap year"),
        pytest.param((2021, 3, 21), (1400, 1, 1), id="first day of a century"),
        pytest.param((2024, 3, 20), (1403, 1, 1), id="spring came on the 20th"),
        pytest.param((2025, 3, 20), (1403, 12, 30), id="a leap year ends"),
        pytest.param((2026, 9, 22), (1405, 6, 31), id="the last long month ends"),
        pytest.param((2026, 9, 23), (1405, 7, 1), id="the first short month begins"),
    ],
)
def test_the_solar_hijri_calendar(gregorian, solar):
    assert solar_day(date(*gregorian)) == solar
