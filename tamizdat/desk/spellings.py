"""The ways in which one person's name is written, and texts that hold it. Pure: no I/O."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape

SHORTEST = 3  # letters: anything shorter stands in other words everywhere

_PART = re.compile(r"[^\W_]+")
_WITHIN = re.compile(r"</?(?:a|b|strong|i|em|sub|sup|code|small)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SIGNS = re.compile(r"\s+|['\u2019\u02bc`]|[-\u2010-\u2015]|.", re.DOTALL)
# Between two words of a name: spaces of all kinds, what joins and parts unseen, soft hyphens.
_GAP = r"[\s\u200b-\u200f\u2060\u00ad]+"
_SPACES = (" ", "\u00a0", "&nbsp;")
_APOSTROPHE, _HYPHEN = "['\u2019\u02bc`]", r"[-\u2010-\u2015]"


@dataclass(frozen=True)
class Spellings:
    """A name as it is written here and there ("Ada Holm", "A. Holm", "ada-holm")."""

    every: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Spellings":
        """Return these names as spellings, the longest first; what is too short is left out."""
        told = {" ".join(name.split()) for name in names}
        kept = (name for name in told if len(name) >= SHORTEST)
        return cls(tuple(sorted(kept, key=lambda name: (-len(name), name))))

    def hold(self, text: str) -> bool:
        """Say whether a text holds the name, in capitals or not, as a word of its own.

        Through html, too: a reader sees no difference between "Ada Holm" and
        "Ada&nbsp;<b>Holm</b>".
        """
        return bool(self.every) and any(self._pattern.search(said) for said in _seen(text))

    def replaced(self, text: str, by: str) -> str:
        """Return a text with another name in the place of this one."""
        return self._pattern.sub(lambda _: by, text) if self.every else text

    @cached_property
    def sought(self) -> tuple[str, ...]:
        """Words one of which stands in every text that holds the name, for a database to look for.

        Of each spelling the longest: what stands between two words may be a space, an entity or a
        tag there. SQLite knows capitals of ASCII alone, and no database those that JSON escapes,
        so letters of other scripts come twice, without the first, which may be either: "ольм" and
        "ОЛЬМ". A letter that is itself written as an entity ("&ouml;") is not found.
        """
        words = (word for name in self.every for word in _telling(name))
        return tuple(dict.fromkeys(form for word in words for form in _forms(word)))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        either = "|".join("".join(map(_sign, _SIGNS.findall(name))) for name in self.every)
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _seen(text: str) -> Iterator[str]:
    """Yield a text as it is kept, and as readers see it."""
    yield text
    if "<" in text or "&" in text:
        yield unescape(_TAG.sub(" ", _WITHIN.sub("", text)))


def _sign(sign: str) -> str:
    """Return what finds one sign of a name, or one gap, however it is typed."""
    if sign.isspace():
        return _GAP
    for alike in (_APOSTROPHE, _HYPHEN):
        if re.fullmatch(alike, sign):
            return alike
    return re.escape(sign)


def _telling(name: str) -> list[str]:
    """Return the longest word of a name; where none is long enough to tell, the whole name."""
    word = max(_PART.findall(name), key=len, default="")
    return [word] if len(word) >= SHORTEST else [name.replace(" ", space) for space in _SPACES]


def _forms(word: str) -> tuple[str, ...]:
    if word.isascii():
        return (word.lower(),)
    if word.lower() == word.upper():
        return (word,)  # a script without capitals
    told = word[1:] if len(word) > SHORTEST else word
    return told, told.lower(), told.upper()
