"""What a text is about, in a few weighted terms. Pure: the same text gives the same, anywhere.

A term is the beginning of a word, as a number: endings differ, and a number is 4 bytes. A headline
counts twice; how often a word comes back counts with its logarithm. There is no list of stop words:
what stands in many articles of a language says nothing there, whatever the language. Names count as
any other word: giving them more found less that was alike (`python -m bench related`).
"""

import re
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt
from zlib import crc32

KEPT = 40  # terms of an article
STEM = 5  # letters that the forms of a word share
HEADLINE = 2.0  # a word of the headline counts as so many of the text
SHARE = 0.3  # of a language's articles: a term in more of them is left out
SHARED = 2  # articles: a term in one alone is like nothing
FEW = 5  # articles that share a term are not too many, however young the newsroom
SHINGLE = 4  # words
SKETCH = 16  # shingles kept of a text
FINEST = 65_535  # steps of a packed weight
ALIKE = 0.45  # of the shingles: two texts are one story told twice

_WORD = re.compile(r"[^\W_]+")
_FOLDED = str.maketrans(
    "ёيىكةؤإأآ", "еییکهوااا", "\u0640\u200c\u064b\u064c\u064d\u064e\u064f\u0650"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A text as counted. `counts` is by term; `sketch` are its least shingles, as numbers."""

    counts: Mapping[int, float]
    sketch: frozenset[int]


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as weighed against its language: of length 1, so that a product is a likeness."""

    weights: Mapping[int, float]
    sketch: frozenset[int]

    @classmethod
    def unpacked(cls, raw: bytes) -> "Vector":
        """Return the vector that `packed` made these bytes from."""
        terms, weights = array("I"), array("H")
        sketch = array("I")
        weighed = 2 + raw[0] * terms.itemsize
        sketched = weighed + raw[0] * weights.itemsize
        terms.frombytes(raw[2:weighed])
        weights.frombytes(raw[weighed:sketched])
        sketch.frombytes(raw[sketched:])
        kept = zip(terms, weights, strict=True)
        return cls({term: weight / FINEST for term, weight in kept}, frozenset(sketch))

    def packed(self) -> bytes:
        """Return it in at most 306 bytes; a weight loses what is beyond its fourth digit."""
        weights = array("H", (round(weight * FINEST) for weight in self.weights.values()))
        terms, sketch = array("I", self.weights), array("I", sorted(self.sketch))
        lengths = bytes((len(terms), len(sketch)))
        return lengths + terms.tobytes() + weights.tobytes() + sketch.tobytes()

    def likeness(self, other: "Vector") -> float:
        """Return the cosine of two texts: 1 for the same terms, 0 for none in common."""
        weigh = other.weights.get
        return sum(weight * weigh(term, 0.0) for term, weight in self.weights.items())

    def same_story(self, other: "Vector") -> bool:
        """Say whether the two are nearly one text: a wire's update, a piece that was filed twice.

        The least shingles of both together are a fair sample of all (Broder 1997), so the share
        of these that both have estimates the share of all.
        """
        least = sorted(self.sketch | other.sketch)[:SKETCH]
        if not least or self.sketch.isdisjoint(other.sketch):
            return False
        both = sum(one in self.sketch and one in other.sketch for one in least)
        return both / len(least) >= ALIKE


class Spread:
    """In how many articles of one language each term stands."""

    def __init__(self) -> None:
        self.articles = 0
        self.within: Counter[int] = Counter()

    def learn(self, one: Profile) -> None:
        """Count one more article; how often a term comes back in it does not matter here."""
        self.articles += 1
        self.within.update(one.counts.keys())

    def rarity(self, term: int) -> float:
        """Return how much a term tells; 0 where it stands in this article or nearly everywhere.

        The root of the usual measure: broad words tell what a piece is about, and rare ones,
        which are many, would outweigh them all.
        """
        stands = self.within[term]
        if stands < SHARED or stands > max(FEW, SHARE * self.articles):
            return 0.0
        return sqrt(1 + log((1 + self.articles) / (1 + stands)))


def profile(headline: str, text: str) -> Profile:
    """Return a text as counted."""
    counts: dict[int, float] = {}
    title, said = headline.translate(_FOLDED), text.translate(_FOLDED)
    for words, worth in ((_words(title), HEADLINE), (_words(said), 1.0)):
        for word in words:
            term = _term(word)
            counts[term] = counts.get(term, 0.0) + worth
    return Profile(counts, _sketch(_words(said) or _words(title)))


def vector(one: Profile, spread: Spread) -> Vector:
    """Return a counted text as weighed: its most telling terms."""
    weighed = [
        ((1 + log(max(count, 1.0))) * rarity, term)
        for term, count in one.counts.items()
        if (rarity := spread.rarity(term))
    ]
    kept = sorted(weighed, reverse=True)[:KEPT]
    length = sqrt(sum(weight * weight for weight, _ in kept)) or 1.0
    return Vector({term: weight / length for weight, term in kept}, one.sketch)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _term(word: str) -> int:
    return crc32(word[:STEM].encode())


def _sketch(words: list[str]) -> frozenset[int]:
    every = {
        crc32(" ".join(words[at : at + SHINGLE]).encode())
        for at in range(max(1, len(words) - SHINGLE + 1))
    }
    return frozenset(sorted(every)[:SKETCH])
