"""All articles of a language as arrays: each one's terms, and what is nearest to it.

Finds what `similarity` finds, many times as fast; `tests/related/test_bulk_job.py` holds the two
together. Only the process of its own that `numpy_job` is loads this, and numpy with it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tamizdat.press.related import similarity
from tamizdat.press.related.features import ALIKE, FACETS, KEPT, SKETCH, same_story
from tamizdat.press.related.similarity import AROUND, COMPARED, NONE, RANKED, SHOWN, WORTH

LOOKED_THROUGH = 2 * RANKED  # of the nearest, for stories told twice, all at once
Ints = NDArray[np.int64]


@dataclass
class Corpus:
    """Articles of one language, oldest first.

    Attributes:
        numbers: Their numbers.
        days: The days of their publication, as ordinals.
        article_counts: How many articles have each term of the language; terms by their place.
        terms: The terms of each, the rarest first; where it has fewer than `KEPT`, one too many.
        weights: Of these.
        sketches: Of each; where it has fewer than `SKETCH`, the rest is like nothing else.
        facets: Of each, by their place among all; 0 for none.
        kinds: What a mark says it is, by its place.
    """

    numbers: Ints
    days: Ints
    article_counts: Ints
    terms: NDArray[np.int32]
    weights: NDArray[np.uint16]
    sketches: Ints
    facets: NDArray[np.int32]
    kinds: Ints

    def __post_init__(self) -> None:
        self._scratch = _Scratch(len(self.numbers), len(self.article_counts), len(self.kinds))
        self._worth = np.array(WORTH, np.int64)[self.kinds]

    @cached_property
    def lengths(self) -> Ints:
        """How many shingles each sketch has."""
        return np.asarray((self.sketches >= 0).sum(axis=1))

    @cached_property
    def posted(self) -> NDArray[np.int32]:
        """The articles of each term: all, term by term, oldest first."""
        key = self.terms.astype(np.int64)
        key <<= 32
        key |= np.arange(len(key))[:, np.newaxis]
        flat = key.reshape(-1)
        flat.sort()
        flat = flat[: np.searchsorted(flat, len(self.article_counts) << 32)]
        flat &= 0xFFFFFFFF
        return flat.astype(np.int32)

    @cached_property
    def ends(self) -> Ints:
        """Where each term's articles end among `posted`, and once more for no term."""
        counts = np.bincount(self.terms.ravel(), minlength=len(self.article_counts) + 1)
        counts[-1] = 0
        return np.cumsum(counts)

    def nearest(self, at: int) -> tuple[list[int], float]:
        """Return the numbers of the articles nearest to the one at a place, and the threshold."""
        others = self._candidates(at)
        ranked = self._ranked(at, others)
        if len(ranked[0]) < SHOWN:
            ranked = self._ranked(at, np.union1d(others, self._around(at)))
        return ranked

    def _ranked(self, at: int, others: Ints) -> tuple[list[int], float]:
        near = self._nearness(at, others)
        order = np.lexsort((-self.numbers[others], -near))
        others, near = others[order], near[order]
        itself = others == at
        others, near = others[~itself], near[~itself]
        kept = self._one_per_story(at, others)
        score_threshold = float(near[kept[SHOWN - 1]]) if len(kept) >= SHOWN else NONE
        return self.numbers[others[kept]].tolist(), score_threshold

    def _candidates(self, at: int) -> Ints:
        count = len(self.numbers)
        if count <= similarity.YOUNG:
            return np.arange(count)
        terms, weights = self.terms[at], self.weights[at].astype(np.int64)
        ends = self.ends[terms]
        there = ends - np.where(terms > 0, self.ends[terms - 1], 0)
        lengths = np.minimum(there, similarity.OF_A_TERM)
        sums = np.cumsum(lengths)
        lengths = np.clip(similarity.POSTINGS - (sums - lengths), 0, lengths)
        sums = np.cumsum(lengths)
        total = int(sums[-1])
        found = self.posted[np.repeat(ends - sums, lengths) + np.arange(total)]
        shared, last = self._scratch.articles, self._scratch.last
        np.add.at(shared, found, np.repeat(weights, lengths))
        places = np.arange(total)
        last[found] = places
        once = found[last.take(found) == places]
        keys = shared.take(once) * count + once
        shared[found] = 0
        if len(keys) > COMPARED:
            keys = np.partition(keys, len(keys) - COMPARED)[-COMPARED:]
        if len(keys) <= RANKED:
            return np.asarray(np.union1d(keys % count, self._around(at)))
        return np.asarray(keys % count)

    def _around(self, at: int) -> Ints:
        return np.arange(max(0, at - AROUND), min(len(self.numbers), at + AROUND + 1))

    def _nearness(self, at: int, others: Ints) -> NDArray[np.float64]:
        mine, worth = self._scratch.terms, self._scratch.facets
        terms, facets = self.terms[at], self.facets[at]
        mine[terms] = self.weights[at]
        worth[facets] = self._worth[facets]
        weighed = mine.take(self.terms.take(others, axis=0))
        likeness = np.einsum("ij,ij->i", weighed, self.weights.take(others, axis=0))
        shared = worth.take(self.facets.take(others, axis=0)).sum(axis=1)
        mine[terms], worth[facets] = 0, 0
        late = np.maximum(0, self.days[at] - self.days[others])
        fresh = similarity.FRESH / (1 + late / similarity.FADES)
        near: NDArray[np.float64] = likeness / similarity.WHOLE + shared / 1000 + fresh
        return near

    def _one_per_story(self, at: int, others: Ints) -> list[int]:
        """Return the places, among the others, of those that tell what none before them tells."""
        suspect = self._suspect(np.append(others[:LOOKED_THROUGH], at))
        if not suspect.any():
            return list(range(min(RANKED, len(others))))
        kept: list[int] = []
        seen = [at] if suspect[-1] else []
        for place, other in enumerate(others.tolist()):
            if place == LOOKED_THROUGH:
                seen = [at, *others[kept].tolist()]
            suspicious = place >= LOOKED_THROUGH or suspect[place]
            if suspicious and self._is_same_story(other, seen):
                continue
            kept.append(place)
            if suspicious:
                seen.append(other)
            if len(kept) == RANKED:
                break
        return kept

    def _is_same_story(self, other: int, seen: list[int]) -> bool:
        sketch = self._sketch(other)
        return any(same_story(sketch, self._sketch(one)) for one in seen)

    def _suspect(self, some: Ints) -> NDArray[np.bool_]:
        """Say which of these share enough shingles with the others to tell one's story again."""
        shingles = self.sketches.take(some, axis=0).ravel()
        order = shingles.argsort()
        ordered = shingles.take(order)
        twice = ordered[1:] == ordered[:-1]
        rows = order // SKETCH
        pairs = np.append(rows[1:][twice], rows[:-1][twice])
        have = self.lengths.take(some)
        suspect: NDArray[np.bool_] = np.bincount(pairs, minlength=len(some)) >= ALIKE * have
        return suspect & (have > 0)

    def _sketch(self, at: int) -> tuple[int, ...]:
        return tuple(self.sketches[at, : self.lengths[at]].tolist())


class _Scratch:
    """Room to count in, all 0 between two questions."""

    def __init__(self, articles: int, terms: int, facets: int) -> None:
        self.articles = np.zeros(articles, np.int64)
        self.last = np.zeros(articles, np.int64)
        self.terms = np.zeros(terms + 1, np.int64)
        self.facets = np.zeros(facets, np.int64)


def empty_corpus(count: int, terms: int) -> Corpus:
    """Return so many articles of which nothing is known yet, in a language of so many terms."""
    unlike = -1 - np.arange(count * SKETCH, dtype=np.int64).reshape(count, SKETCH)
    return Corpus(
        numbers=np.zeros(count, np.int64),
        days=np.zeros(count, np.int64),
        article_counts=np.zeros(terms, np.int64),
        terms=np.full((count, KEPT), terms, np.int32),
        weights=np.zeros((count, KEPT), np.uint16),
        sketches=unlike,
        facets=np.zeros((count, FACETS), np.int32),
        kinds=np.zeros(1, np.int64),
    )
