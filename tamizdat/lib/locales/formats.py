"""Dates, numbers and money in the form that each language's own newspapers use."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from tamizdat.lib.locales.solar_hijri import MONTHS, solar_day
from tamizdat.lib.money import THOUSANDTHS, currency_words, decimals

Day = date  # inside the class, `date` is what templates call
Moment = datetime | date
Length = Literal["long", "day", "full"]

_LOCALES = {"en": "en_GB"}
_PATTERNS = {"long": "d MMMM y", "day": "d MMMM", "full": "EEEE, d MMMM y"}
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class LocaleFormats:
    """How one language writes what is not words; moments are shown in `time_zone`."""

    language: str
    time_zone: ZoneInfo

    def date(self, at: Moment, length: Length = "long") -> str:
        """Return a day as people say it: "4 March 2031", «۱۳ اسفند ۱۴۰۹».

        `length` is "long", "day" (without the year) or "full" (with the weekday). Persian
        is written in the Solar Hijri calendar; machines read `iso`, which never is.
        """
        day = self._day(at)
        if self.language == "fa":
            return self._solar(day, length)
        return _said(day, _PATTERNS[length], self._locale)

    def time(self, at: datetime) -> str:
        """Return the time of day on a clock of 24 hours: "18:20"."""
        return self.digits(f"{at.astimezone(self.time_zone):%H:%M}")

    def iso(self, at: Moment) -> str:
        """Return what stands in a `datetime` attribute: the moment with the newsroom's offset."""
        if isinstance(at, datetime):
            return at.astimezone(self.time_zone).isoformat(timespec="minutes")
        return at.isoformat()

    def month(self, at: Moment) -> str:
        """Return the Gregorian month in which a day lies: "November 2026".

        Addresses and files are cut by this month, and no Solar Hijri month covers it: in
        Persian it is the two that it touches, «آبان–آذر ۱۴۰۵».
        """
        if self.language == "fa":
            return self._solar_months(self._day(at))
        return _said(self._day(at), "LLLL y", self._locale)

    def month_ahead(self, at: Moment) -> str:
        """Return a Gregorian month as a sentence names it: «февраль 2027», without a capital.

        In Persian it is the day on which the month begins, which is none of theirs.
        """
        if self.language == "fa":
            return self.date(self._day(at).replace(day=1))
        return format_date(self._day(at), "LLLL y", locale=self._locale)

    def number(self, number: int) -> str:
        """Return a whole number with its thousands parted: "2,418"."""
        return self.digits(format_decimal(number, locale=self._locale, numbering_system="default"))

    def money(self, minor: int, currency: str) -> str:
        """Return a sum given in minor units; whole sums without decimals: "€5", "7,50 €".

        Dinars always have theirs: "1,000" could be read as one dinar and as a thousand.
        """
        places = decimals(currency)
        amount = Decimal(minor).scaleb(-places)
        whole = amount == amount.to_integral() and places < THOUSANDTHS
        pattern = "#,##0" if whole else "#,##0." + "0" * places
        digits = self.digits(
            format_decimal(amount, pattern, locale=self._locale, numbering_system="default")
        )
        sign = self.currency_sign(currency)
        if self.language == "en" and len(sign) == 1:
            return f"{sign}{digits}"
        return f"{digits}\u00a0{sign}"

    def currency_sign(self, currency: str) -> str:
        """Return what stands beside a sum: "€"; in Persian the word, as its papers print it."""
        return currency_words.sign(currency, self.language)

    @property
    def comma(self) -> str:
        """What stands between the members of a list, with its space."""
        return "، " if self.language == "fa" else ", "

    def digits(self, text: str | int) -> str:
        """Return a text with the language's own digits, and nothing else of it changed."""
        return str(text).translate(_PERSIAN_DIGITS) if self.language == "fa" else str(text)

    @property
    def _locale(self) -> str:
        return _LOCALES.get(self.language, self.language)

    def _day(self, at: Moment) -> Day:
        return at.astimezone(self.time_zone).date() if isinstance(at, datetime) else at

    def _solar_months(self, day: Day) -> str:
        begins = solar_day(day.replace(day=1))
        ends = solar_day(day.replace(day=monthrange(day.year, day.month)[1]))
        first, last = MONTHS[begins.month - 1], MONTHS[ends.month - 1]
        if begins.year == ends.year:
            return self.digits(f"{first}–{last} {ends.year}")
        return self.digits(f"{first} {begins.year} – {last} {ends.year}")

    def _solar(self, day: Day, length: Length) -> str:
        year, month, number = solar_day(day)
        words = f"{number} {MONTHS[month - 1]}"
        if length != "day":
            words += f" {year}"
        if length == "full":
            words = f"{format_date(day, 'EEEE', locale='fa')} {words}"
        return self.digits(words)


@lru_cache(maxsize=20_000)  # half a century, in one pattern: articles share their days
def _said(day: Day, pattern: str, locale: str) -> str:
    words = format_date(day, pattern, locale=locale)
    return words[0].upper() + words[1:]
