"""Money: whole minor units and a currency, and how to read what somebody typed."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

# ISO 4217: how many decimals a currency has, where it is not two.
NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()  # noqa: SIM905  reads as a list
)
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})

_DECIMAL_MARKS = ".,\u066b"  # the last is the Arabic decimal separator
_GROUP_MARKS = "'\u2019\u066c"  # apostrophes, and the Arabic thousands separator
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
    return 3 if currency in THREE_DECIMALS else 2


def parse(typed: str, currency: str) -> Money:
    """Return the amount a reader meant: "5", "5.50", "5,50 €", "1 000", "۵٫۵".

    A single mark before exactly three digits groups thousands, because a reader who writes
    "1.000" in euros cannot mean a tenth of a cent. Where the currency has thousandths it is
    the decimal mark: of two readings we charge the smaller. More decimals than the currency
    has are refused, never rounded.

    Raises:
        MoneyError: it is empty, negative, too long, or cannot be read as one amount.
    """
    text = _plain(typed, currency)
    whole, fraction = _split(text, decimals(currency))
    if not whole.isdigit() or len(whole) > _DIGITS_AT_MOST:
        raise MoneyError("not an amount")
    if len(fraction) > decimals(currency) or (fraction and not fraction.isdigit()):
        raise MoneyError(f"more decimals than {currency} has")
    return Money(int(whole + fraction.ljust(decimals(currency), "0")), currency)


def rounded(minor: int, figures: int = 2) -> int:
    """Return the number to so many leading figures, so that no single gift can be read off it."""
    step = int("1" + "0" * (len(str(abs(minor))) - figures))
    return (abs(minor) + step // 2) // step * step * (-1 if minor < 0 else 1)


def _plain(typed: str, currency: str) -> str:
    """Return only digits and decimal marks; digits of any script become ASCII."""
    kept: list[str] = []
    for sign in typed.strip().removesuffix(currency).removeprefix(currency):
        if unicodedata.decimal(sign, None) is not None:
            kept.append(str(unicodedata.decimal(sign)))
        elif sign in _DECIMAL_MARKS:
            kept.append("," if sign == "," else ".")
        elif not (sign.isspace() or sign in _GROUP_MARKS or unicodedata.category(sign) == "Sc"):
            raise MoneyError("not an amount")
    return "".join(kept)


def _split(text: str, places: int) -> tuple[str, str]:
    """Return the digits before and after the decimal mark; groups of thousands are joined."""
    marks = [sign for sign in text if sign in ".,"]
    if not marks:
        return text, ""
    head, _, tail = text.rpartition(marks[-1])
    if len(marks) == 1:
        grouped = len(tail) == 3 and places != 3 and head.lstrip("0") != ""  # noqa: PLR2004  thousands
    else:
        grouped = marks[-1] == marks[-2]
    if grouped:
        return _joined(text, marks[-1]), ""
    other = "," if marks[-1] == "." else "."
    return (_joined(head, other) if other in head else head), tail


def _joined(text: str, mark: str) -> str:
    """Return the number without its group marks. Raises MoneyError for ragged groups."""
    first, *groups = text.split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):  # noqa: PLR2004  thousands
        raise MoneyError("not an amount")
    return first + "".join(groups)
