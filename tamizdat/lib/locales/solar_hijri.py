"""The calendar that Persian readers live by."""

from datetime import date
from typing import NamedTuple

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_EPOCH = date(622, 3, 21).toordinal()  # 1 Farvardin 1, in the proleptic Gregorian calendar
_LONG_MONTHS = 6 * 31


class SolarDay(NamedTuple):
    """A day of the Solar Hijri calendar; months count from 1."""

    year: int
    month: int
    day: int


def solar_day(day: date) -> SolarDay:
    """Return the Solar Hijri day on which a Gregorian `day` falls.

    By the rule of 33 years (eight leap years in each), which agrees with the observed
    equinox from 1800 to 2100; the calendar library ICU uses the same one.
    """
    elapsed = day.toordinal() - _EPOCH
    year = 1 + (33 * elapsed + 3) // 12053
    of_year = elapsed - (365 * (year - 1) + (8 * year + 21) // 33)
    if of_year < _LONG_MONTHS:
        month, before = divmod(of_year, 31)
        return SolarDay(year, month + 1, before + 1)
    month, before = divmod(of_year - _LONG_MONTHS, 30)
    return SolarDay(year, month + 7, before + 1)
