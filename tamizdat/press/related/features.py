"""What a text is about, in a few weighted terms. Pure: the same text gives the same, anywhere.

A term is the beginning of a word, as a number: endings differ, and a number is 4 bytes. A headline
counts twice; how often a word comes back counts with its logarithm. Stop words count nothing, nor
does what many articles of a language have: a young newsroom cannot tell yet which words these are.
Names count as any other word: giving them more found less that was alike (`bench/related.py`).

Weights are whole numbers, so that sums are exact and one process finds what another found.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from operator import sub
from zlib import crc32

from tamizdat.press.related.words import stop_words, words

KEPT = 40  # terms of an article
PREFIX = 5  # letters that the forms of a word share
HEADLINE = 2  # a word of the headline counts as so many of the text
OFTEN = 255  # times; more than that counts no more
SHARE = 0.3  # of a language's articles: a term in more of them is left out
SHARED = 2  # articles: a term in one alone is like nothing
FEW = 20  # articles that share a term are not too many, however young the newsroom
SHINGLE = 4  # words
SKETCH = 16  # shingles kept of a text
FACETS = 15  # lists of an article that are looked at
FINEST = 65_535  # steps of a packed weight
GRAIN = 1_024  # steps of a weight before it is measured against the others
EVERY = 0  # the empty prefix, which all words share: every article has it
ALIKE = 0.45  # of the shingles: two texts are one story told twice
KINDS = ("", "topic", "person", "section")
TOP = 0xFFFFFFFF
MEMORY = 200_000  # words whose terms are kept


@dataclass(frozen=True, slots=True)
class Profile:
    """A text as counted. `counts` is by term; `sketch` are its least shingles, sorted."""

    counts: Mapping[int, int]
    sketch: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as weighed against its language: of length `FINEST`, in whole numbers."""

    weights: Mapping[int, int]
    sketch: tuple[int, ...]
    facets: tuple[int, ...] = ()

    @classmethod
    def unpacked(cls, raw: bytes) -> "Vector":
        """Return the vector that `packed` made these bytes from."""
        terms, sketch, facets = array("I"), array("I"), array("I")
        weights = array("H")
        weighed = 3 + raw[0] * terms.itemsize
        sketched = weighed + raw[0] * weights.itemsize
        marked = sketched + raw[1] * sketch.itemsize
        terms.frombytes(raw[3:weighed])
        weights.frombytes(raw[weighed:sketched])
        sketch.frombytes(raw[sketched:marked])
        facets.frombytes(raw[marked:])
        return cls(dict(zip(terms, weights, strict=True)), tuple(sketch), tuple(facets))

    def packed(self) -> bytes:
        """Return it in at most 367 bytes."""
        parts = (
            array("I", self.weights),
            array("H", self.weights.values()),
            array("I", self.sketch),
            array("I", self.facets),
        )
        lengths = bytes(map(len, (self.weights, self.sketch, self.facets)))
        return lengths + b"".join(part.tobytes() for part in parts)


def profile(headline: str, text: str, language: str) -> Profile:
    """Return a text as counted. Its sketch is of all words, its counts are of those that tell."""
    title, said, silent = words(headline), words(text), stop_words(language)
    if len(_MEMORY) > MEMORY:
        _MEMORY.clear()
    counts = Counter([_MEMORY[word] for word in said if word not in silent])
    for word in title:
        if word not in silent:
            counts[_MEMORY[word]] += HEADLINE
    counts[EVERY] = 1
    return Profile(counts, sketch([_MEMORY[word] for word in said or title]))


def weigh(one: Profile, article_counts: Mapping[int, int], facets: Iterable[int] = ()) -> Vector:
    """Return a counted text as weighed: its most telling terms.

    Args:
        one: The text.
        article_counts: How many articles of its language have each of its terms, it included.
        facets: Of the lists that it is in.
    """
    articles = article_counts.get(EVERY, 0)
    weighed = [
        (int(often(count) * worth * GRAIN + 0.5), term)
        for term, count in one.counts.items()
        if term != EVERY and (worth := rarity(article_counts.get(term, 0), articles))
    ]
    kept = sorted(weighed, reverse=True)[:KEPT]
    length = sqrt(sum(weight * weight for weight, _ in kept)) or 1.0
    weights = {term: int(weight * FINEST / length + 0.5) for weight, term in kept}
    return Vector(weights, one.sketch, tuple(facets))


@cache
def often(count: int) -> float:
    """Return how much it counts that a term comes back so many times."""
    return 1 + log(min(count, OFTEN))


def rarity(article_count: int, articles: int) -> float:
    """Return how much a term tells; 0 where one article has it, or nearly all of them.

    The fourth root of the usual measure: broad words tell what a piece is about, and rare ones,
    which are many, would outweigh them all.
    """
    if article_count < SHARED or article_count > max(FEW, SHARE * articles):
        return 0.0
    return sqrt(sqrt(1 + log((1 + articles) / (1 + article_count))))


def facet(of: str) -> int:
    """Return a list's name ("topic:en:4") as a number whose last two bits say its kind."""
    return crc32(of.encode()) & ~3 | KINDS.index(of.partition(":")[0])


def same_story(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Say whether two sketches are of nearly one text: a wire's update, a piece filed twice.

    The least shingles of both together are a fair sample of all (Broder 1997), so the share of
    these that both have estimates the share of all.
    """
    mine, theirs = set(one), set(other)
    if mine.isdisjoint(theirs):
        return False
    least = sorted(mine | theirs)[:SKETCH]
    return len(mine.intersection(theirs, least)) / len(least) >= ALIKE


def sketch(terms: list[int]) -> tuple[int, ...]:
    """Return the least shingles of a text, given as the terms of its words.

    A shingle is the difference of two differences: made without a loop of ours, and another one
    when the same words stand in another order.
    """
    every, words = terms, 1
    while words < SHINGLE and len(every) > words:
        every = list(map(sub, every, every[words:]))
        words *= 2
    few = 2**32 * 4 * SKETCH // max(1, len(terms))  # below this there are four times as many
    least = {number for shingle in every if (number := shingle & TOP) < few}
    if len(least) < SKETCH:
        least = {shingle & TOP for shingle in every}
    return tuple(sorted(least)[:SKETCH])


class _Memory(dict[str, int]):
    def __missing__(self, word: str) -> int:
        term = self[word] = crc32(word[:PREFIX].encode())
        return term


_MEMORY = _Memory()
