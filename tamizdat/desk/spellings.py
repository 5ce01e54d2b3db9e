"""The ways in which one person's name is written, and texts that hold it. Pure: no I/O."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from unicodedata import normalize

LONGEST, MOST = 200, 200  # letters of a spelling, spellings of a name
SHORTEST = 3  # letters: anything shorter stands in other words everywhere

Word = tuple[str, ...]  # one word, in all the forms in which a database may keep it
Trace = tuple[Word, ...]  # words all of which stand in a text that holds a spelling

_PART = re.compile(r"[^\W_\u02bc]+")  # the apostrophe of Ukrainian counts as a letter otherwise
_WITHIN = re.compile(r"</?(?:a|b|strong|i|em|sub|sup|code|small)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SIGN = re.compile(r"\s+|.", re.DOTALL)
# Stress marks, soft hyphens and what parts or joins words unseen.
_UNSEEN = re.compile("[\u0301\u00ad\u200b\u2060\ufeff]")
_GAP = r"[\s_\u200c-\u200f\u2066-\u2069]"
_ALIKE = ("'‘’ʼʻ`´′", "-‐‑‒–—―−", "её", "یيى", "کك")
_CLASS = {sign: f"[{re.escape(alike)}]" for alike in _ALIKE for sign in alike}
_YO = re.compile("[её]", re.IGNORECASE)
_ARABIC = re.compile("[\u0600-\u06ff]")
_PERSIAN_TO_ARABIC, _ARABIC_TO_PERSIAN = str.maketrans("یک", "يك"), str.maketrans("يىك", "ییک")


def can_be_spellings(told: Sequence[str]) -> bool:
    """Return whether a database can look for all of these: it refuses patterns without end."""
    return len(told) <= MOST and all(len(name) <= LONGEST for name in told)


@dataclass(frozen=True)
class Spellings:
    """A name as it is written here and there ("Ada Holm", "A. Holm", "ada-holm")."""

    every: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Spellings":
        """Return these names as spellings, the longest first; what is too short is left out."""
        told = {" ".join(normalize("NFC", name).split()) for name in names}
        kept = (name for name in told if len(name) >= SHORTEST)
        return cls(tuple(sorted(kept, key=lambda name: (-len(name), name))))

    def hold(self, text: str) -> bool:
        """Say whether a text holds the name, in capitals or not, as a word of its own.

        Through html, too: a reader sees no difference between "Ada Holm" and
        "Ada&nbsp;<b>Holm</b>", nor between the letters and signs of `_ALIKE`.
        """
        return bool(self.every) and any(self._pattern.search(said) for said in _seen(text))

    def replaced(self, text: str, by: str) -> str:
        """Return a text with another name in the place of this one."""
        return self._pattern.sub(lambda _: by, text) if self.every else text

    @cached_property
    def sought(self) -> tuple[Trace, ...]:
        """What to look for in a database: where a text holds the name, it holds one of these.

        Of each spelling the longest word, or all where none is long: what stands between two
        words may be a space, an entity or a tag there. Words come without their first letter,
        which may be a capital, or in bold. SQLite knows capitals of ASCII alone, and no database
        those that JSON escapes, so words of other scripts come in capitals, too: "ольм" and
        "ОЛЬМ". Not found are a word with a tag, an entity ("&ouml;") or a soft hyphen in its
        middle, with capitals there that we were not told of, and "ё" where we were told "е" in a
        word of which nothing long is left without it.
        """
        return tuple(dict.fromkeys(_trace(name) for name in self.every))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        either = "|".join("".join(_signs(name)) for name in self.every)
        return re.compile(rf"(?<![^\W_\u02bc])(?:{either})(?![^\W_\u02bc])", re.IGNORECASE)


def _seen(text: str) -> Iterator[str]:
    """Yield a text as it is kept, and as readers see it and its attributes."""
    yield text
    bare = text
    if "<" in text or "&" in text:
        yield unescape(text)
        bare = unescape(_TAG.sub(" ", _WITHIN.sub("", text)))
    seen = _UNSEEN.sub("", normalize("NFC", bare))
    if seen != text:
        yield seen


def _signs(name: str) -> Iterator[str]:
    """Yield what finds each sign of a name, and each gap, however it is typed.

    In Persian the parts of a name are written apart or as one.
    """
    often = "*" if _ARABIC.search(name) else "+"
    for sign in _SIGN.findall(name):
        if re.fullmatch(_GAP + "+", sign):
            yield _GAP + often
        else:
            yield _CLASS.get(sign.lower(), re.escape(sign))


def _trace(name: str) -> Trace:
    words = _PART.findall(name) or [name]
    longest = max(reversed(words), key=len)  # a tag is rather at the beginning
    return tuple(map(_forms, [longest] if len(longest) >= SHORTEST else dict.fromkeys(words)))


def _forms(word: str) -> Word:
    if word.isascii():
        return (word[1:].lower() if len(word) > SHORTEST else word.lower(),)
    if _ARABIC.search(word):
        persian = word.translate(_ARABIC_TO_PERSIAN)
        return tuple(dict.fromkeys((persian, persian.translate(_PERSIAN_TO_ARABIC), word)))
    told = word[1:] if len(word) > SHORTEST else word
    apart = max(_YO.split(told), key=len)  # what stands between the letters that some write so
    told = apart if len(apart) >= SHORTEST else told
    forms = told, told.lower(), told.upper(), *((told.capitalize(),) if told is word else ())
    without = (form.replace("ё", "е").replace("Ё", "Е") for form in forms)
    return tuple(dict.fromkeys((*forms, *without)))
