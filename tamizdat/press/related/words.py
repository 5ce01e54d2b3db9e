"""The words of a text, and which of them tell nothing in a language: its stop words.

Words are cut and folded as `words` says, the lists in `stop_words/` as well. They are spaCy's.
"""

import re
from functools import cache
from pathlib import Path

LISTS = Path(__file__).with_name("stop_words")

_WORD = re.compile(r"[^\W_]+")
_FOLDED = str.maketrans(
    "ёيىكةؤإأآ", "еییکهوااا", "\u0640\u200c\u064b\u064c\u064d\u064e\u064f\u0650"
)
_PARTING = str.maketrans({chr(c): " " for c in range(128) if not chr(c).isalnum()})


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case, each letter as one of those that look like it."""
    lower = text.lower()
    if lower.isascii():
        return lower.translate(_PARTING).split()
    return _WORD.findall(lower.translate(_FOLDED))


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return what tells nothing in a language; nothing where there is no list for it.

    An entry that an apostrophe or a space parts is left out: its pieces may tell ("won’t").
    """
    try:
        listed = (LISTS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return frozenset()
    return frozenset(word for entry in listed for word in words(entry) if len(words(entry)) == 1)
