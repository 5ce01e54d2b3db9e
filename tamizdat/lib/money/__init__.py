"""Money: whole minor units and a currency, and how to read what somebody typed."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from tamizdat.lib.money.currency_words import fold, words_of

# ISO 4217: how many decimals a currency has, where it is not two. This is the one source for
# what is read, kept and shown: CLDR's figures are about cash ("digits" of HUF, IDR, IRR differ).
NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905  reads as a list
)
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
FOUR_DECIMALS = frozenset({"CLF", "UYW"})

THOUSANDTHS = 3  # from so many decimals on "1.000" may be one as well as a thousand

# The Arabic marks say which they are: U+066B parts decimals, U+066C groups thousands.
_PLAIN = re.compile("([0-9]+)(?:[.,\u066b]([0-9]+))?")
_GROUPED = re.compile(
    "([1-9][0-9]{0,2}(?P<group>[., '\u066c])[0-9]{3}(?:(?P=group)[0-9]{3})*)"
    "(?:(?!(?P=group))[.,\u066b]([0-9]+))?"
)
_DIGITS_AT_MOST = 12


class MoneyError(ValueError):
    """What was typed is no amount of this currency, or two currencies were mixed."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, in the currency's smallest unit: Money(500, "EUR") is five euros.

    `minor` is never a float and is never divided by a hundred to be kept: yen have no
    smaller unit, dinars have thousandths.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise MoneyError(f"{self.currency!r} is no currency code")

    def __add__(self, other: Self) -> "Money":
        """Return the sum. Raises MoneyError where the currencies differ."""
        if other.currency != self.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.minor + other.minor, self.currency)

    @property
    def decimal(self) -> str:
        """The amount as plain decimal text, such as "5.00" or "500"; `parse` reads it back."""
        places = decimals(self.currency)
        if not places:
            return str(self.minor)
        sign = "-" if self.minor < 0 else ""
        whole, rest = divmod(abs(self.minor), 10**places)
        return f"{sign}{whole}.{rest:0{places}}"


def decimals(currency: str) -> int:
    """Return how many decimals the currency has (ISO 4217)."""
    if currency in NO_DECIMALS:
        return 0
    if currency in THREE_DECIMALS:
        return 3
    return 4 if currency in FOUR_DECIMALS else 2


def parse(typed: str, currency: str) -> Money:
    """Return the amount a reader meant: "5", "5.50", "5,50 €", "EUR 5", "1 000", "۵٫۵".

    Only this currency's own code, signs and names may stand before or after the number: "$5"
    is no five euros. Thousands are grouped by threes. A single mark before exactly three digits
    groups thousands, because a reader who writes "1.000" in euros cannot mean a tenth of a
    cent. Where the currency has thousandths it is the decimal mark: of two readings we charge
    the smaller. More decimals than the currency has are refused, never rounded.

    Raises:
        MoneyError: it is empty, negative, too long, or cannot be read as one amount.
    """
    places = decimals(currency)
    whole, fraction = _read(_number(typed, currency), places)
    if len(whole) > _DIGITS_AT_MOST:
        raise MoneyError("not an amount")
    return Money(int(whole + fraction.ljust(places, "0")), currency)


def rounded(minor: int, figures: int = 2) -> int:
    """Return the number to so many leading figures: nobody reads a single contribution off it."""
    step = int("1" + "0" * (len(str(abs(minor))) - figures))
    return (abs(minor) + step // 2) // step * step * (-1 if minor < 0 else 1)


def _number(typed: str, currency: str) -> str:
    """Return the number without the currency beside it, in ASCII digits."""
    text = fold(typed)
    for word in words_of(currency):
        if text.startswith(word):
            return _ascii(text.removeprefix(word).strip())
        if text.endswith(word):
            return _ascii(text.removesuffix(word).strip())
    return _ascii(text)


def _ascii(text: str) -> str:
    """Return the text with its digits in ASCII. Digits of two scripts in one number are refused.

    A Bengali four looks like an eight: who mixes scripts did not type what they see.
    """
    zeros = {ord(sign) - unicodedata.decimal(sign) for sign in text if sign.isdecimal()}
    if len(zeros) > 1:
        raise MoneyError("digits of two scripts")
    plain = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return "".join(plain).replace("\u2019", "'")


def _read(text: str, places: int) -> tuple[str, str]:
    """Return the digits before and after the decimal mark.

    Raises:
        MoneyError: it is no number, or has more decimals than `places`.
    """
    for form in (_PLAIN, _GROUPED):
        found = form.fullmatch(text)
        if found and len(found[found.re.groups] or "") <= places:
            return re.sub("[^0-9]", "", found[1]), found[found.re.groups] or ""
    raise MoneyError("not an amount")
