"""What stands beside an amount: signs, codes and names of currencies, in the readers' languages."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from babel.numbers import get_currency_name, get_currency_symbol, list_currencies

from tamizdat.lib.newsroom import LANGUAGES

_COUNTS = (1, 2, 5, 1.5)  # between them they name every plural of our languages
_SHORT = {"RUB": ("руб", "руб."), "UAH": ("грн", "грн."), "USD": ("долл.",), "EUR": ("евро",)}


def sign(currency: str, language: str) -> str:
    """Return what our pages show beside a sum: "€"; in Persian the word, as its papers print it."""
    if language == "fa":
        return get_currency_name(currency, locale="fa")
    return get_currency_symbol(currency, locale="en")


@cache
def words_of(currency: str) -> tuple[str, ...]:
    """Return what a reader may write beside an amount of this currency, longest first.

    A sign that also stands for another currency is left out, because it does not say which
    money is meant: "¥" may be yuan. What our own pages show for the currency is always in.
    All are folded by `fold`.
    """
    meanings = _meanings()
    own = {word for word, currencies in meanings.items() if currencies == {currency}}
    own |= {fold(currency), *(fold(sign(currency, language)) for language in LANGUAGES)}
    return tuple(sorted(own - {""}, key=lambda word: (-len(word), word)))


def fold(text: str) -> str:
    """Return the text as it is compared: without case, direction marks or double spaces."""
    plain = "".join(" " if sign.isspace() else sign for sign in text if sign not in _DIRECTION)
    return " ".join(plain.casefold().split())


_DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"


@cache
def _meanings() -> Mapping[str, set[str]]:
    """Return every word with the currencies that it stands for in any of our languages."""
    found: dict[str, set[str]] = defaultdict(set)
    for currency in list_currencies():
        for word in _every(currency):
            found[fold(word)].add(currency)
    return found


def _every(currency: str) -> set[str]:
    words = {currency, *_SHORT.get(currency, ())}
    for language in LANGUAGES:
        words.add(get_currency_symbol(currency, locale=language))
        words |= {get_currency_name(currency, count, locale=language) for count in _COUNTS}
    return words
