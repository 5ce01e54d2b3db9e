"""From text to the words that the index is about, in every language we ship.

The reader's browser cuts what is typed by the same rules (theme/search.js gets them with the
page); tests/conformance/search.json holds examples for both. A word goes through, in this order:
NFKC, lower case, what `removed` names, `alike`, accents of Latin letters; then its endings.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

LONGEST = 24  # letters of a word that count
REMEMBERED = 50_000  # words of a language, some 8 MB
LEAST = 3  # letters that an ending leaves over

# Marks above and below letters (й and ї are letters of their own by then), what joins or parts
# letters unseen, the Arabic lengthening sign, vowel signs, and apostrophes, also п'ять's.
_REMOVED = "[\u0300-\u036f\u064b-\u065f\u0670\u0640\u200b-\u200f\u2060\u00ad'\u2019\u02bc`\u00b4]"
_ALIKE = dict(
    zip("ёґيىئكةأإآؤۀ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "егیییکهاااوه01234567890123456789", strict=True)
)
_ENDINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (("ing", "ies", "ed", "es", "s", "y", "e"),),
    "ru": (
        ("ся", "сь"),
        (
            *("иями", "ями", "ами", "ыми", "ими", "ого", "его", "ому", "ему", "иях", "ией", "иям"),
            *("ете", "ите", "ешь", "ишь", "ают", "яют", "уют", "ала", "ила", "ела", "али", "или"),
            *("ели", "ать", "ять", "еть", "ить", "ая", "яя", "ое", "ее", "ые", "ие", "ой", "ей"),
            *("ый", "ий", "ую", "юю", "ом", "ем", "ам", "ям", "ах", "ях", "ов", "ев", "ых", "их"),
            *("ым", "им", "ет", "ит", "ут", "ют", "ат", "ят", "ал", "ил", "ел", "ия", "ии", "ью"),
            *("ию", "аями", "аях", "аям", "аев", "аем", "ает", "аю", "ае", "аи", "ай"),
            *("а", "я", "о", "е", "ы", "и", "у", "ю", "ь", "й"),
        ),
    ),
    "uk": (
        ("ся", "сь"),
        (
            *("іями", "ями", "ами", "ими", "іми", "ого", "ього", "ому", "ьому", "іях", "ією"),
            *("ові", "еві", "єві", "ете", "ите", "ють", "уть", "ять", "ать", "ала", "ила", "али"),
            *("или", "ати", "яти", "іти", "ити", "ою", "ею", "єю", "ої", "ій", "ий", "их", "іх"),
            *("им", "ім", "ом", "ем", "єм", "ам", "ям", "ах", "ях", "ів", "їв", "ав", "ив", "ує"),
            *("аями", "аях", "аям", "аїв", "аєм", "аю", "аї", "ай"),
            *("ає", "яє", "ія", "ії", "ію", "ья", "а", "я", "о", "е", "є", "и", "і", "ї", "у"),
            *("ю", "ь", "й"),
        ),
    ),
    "fa": (("هایشان", "هایمان", "هایی", "های", "هات", "هاش", "ترین", "ها", "تر", "ان", "ی"),),
}
_ENDINGS = {
    language: tuple(tuple(sorted(group, key=len, reverse=True)) for group in groups)
    for language, groups in _ENDINGS.items()
}
_APOSTROPHES = str.maketrans("", "", "'`")  # all of the above that ASCII has
_WORD = re.compile(r"[^\W_]+")
_LATIN = "[\u00c0-\u024f\u1e00-\u1eff]"
_ODD = re.compile(f"{_REMOVED}|[{''.join(_ALIKE)}]|{_LATIN}")  # one pass: most texts have few


def rules(language: str) -> dict[str, Any]:
    """Return the rules of a language, for the browser."""
    return {
        "removed": _REMOVED,
        "alike": _ALIKE,
        "endings": _ENDINGS.get(language, ()),
        "least": LEAST,
        "longest": LONGEST,
    }


def words(text: str, language: str) -> Iterator[str]:
    """Yield the words of a text as the index knows them, in their order."""
    for word in _WORD.findall(_plain(text)):
        yield stem(word, language)


def count(text: str, language: str) -> Counter[str]:
    """Return how often each word of the index stands in a text."""
    found: Counter[str] = Counter()
    stems, so_far = _stems(language), found.get
    for word, often in Counter(_WORD.findall(_plain(text))).items():
        plain = stems[word]
        found[plain] = so_far(plain, 0) + often
    return found


class _Stems(dict[str, str]):
    """The stems of all words met so far: most of a text is words that others had before."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> str:
        if len(self) > REMEMBERED:
            self.clear()
        self[word] = found = stem(word, self._language)
        return found


@cache
def _stems(language: str) -> _Stems:
    return _Stems(language)


def stem(word: str, language: str) -> str:
    """Return a plain word without its endings: of each group at most one, the first that fits."""
    word = word[:LONGEST]
    for group in _ENDINGS.get(language, ()):
        for ending in group:
            if word.endswith(ending) and len(word) - len(ending) >= LEAST:
                word = word[: -len(ending)]
                break
    return word


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    return _ODD.sub(_even, unicodedata.normalize("NFKC", text).lower())


def _even(odd: re.Match[str]) -> str:
    sign = odd[0]
    if sign in _ALIKE:
        return _ALIKE[sign]
    return unicodedata.normalize("NFKD", sign)[0] if re.fullmatch(_LATIN, sign) else ""
