"""Which articles are nearest to one: an index in memory of all articles of one language.

It looks first at what shares the rarest terms, newest first, and no further than it must, so one
question costs the same in an archive of any size. What it finds there is then compared whole.
"""

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from tamizdat.press.terms import Vector

POSTINGS = 3_000  # looked at for one question
OF_A_TERM = 800  # its newest
COMPARED = 80  # articles, whole
TOPIC, PERSON, SECTION = 0.10, 0.05, 0.02  # what a shared one adds to a likeness
FRESH = 0.04  # what an article of the same day gains over one from long ago
FADES = 365.0  # days after which half of that is gone
WORTH = {"topic": TOPIC, "person": PERSON, "section": SECTION}


@dataclass(frozen=True, slots=True)
class Kinsman:
    """An article among the others. `marks` are the lists that it stands in ("topic:en:4")."""

    number: int
    published: datetime
    vector: Vector
    marks: frozenset[str] = frozenset()


class Kin:
    """All articles of one language, by the terms they share; 1 KB each. Add the oldest first."""

    def __init__(self) -> None:
        self._every: dict[int, tuple[datetime, bytes, frozenset[str]]] = {}
        self._with: dict[int, array[int]] = {}

    def add(self, one: Kinsman) -> None:
        """Let an article be found."""
        self._every[one.number] = (one.published, one.vector.packed(), one.marks)
        for term in one.vector.weights:
            self._with.setdefault(term, array("q")).append(one.number)

    def nearest(self, one: Kinsman, count: int, but: Collection[int] = ()) -> list[int]:
        """Return the articles nearest to one, best first.

        Never itself, nor what tells the same story as it or as one before it in the answer.

        Args:
            one: It need not be among the others.
            count: At most so many.
            but: Articles that are not wanted: its translations, what editors pinned already.
        """
        found: list[Kinsman] = []
        for other in self._by_nearness(one):
            if other.number == one.number or other.number in but:
                continue
            if not any(other.vector.same_story(told.vector) for told in (one, *found)):
                found.append(other)
            if len(found) == count:
                break
        return [other.number for other in found]

    def _by_nearness(self, one: Kinsman) -> Iterator[Kinsman]:
        near = [self._kinsman(number) for number in self._sharing(one.vector)]
        near.sort(key=lambda other: (_nearness(one, other), other.number), reverse=True)
        return iter(near)

    def _kinsman(self, number: int) -> Kinsman:
        published, packed, marks = self._every[number]
        return Kinsman(number, published, Vector.unpacked(packed), marks)

    def _sharing(self, vector: Vector) -> list[int]:
        """Return the articles that share most of the rarest terms."""
        terms = [term for term in vector.weights if term in self._with]
        terms.sort(key=lambda term: (len(self._with[term]), term))
        shared: dict[int, float] = {}
        left = POSTINGS
        for term in terms:
            weight, some = vector.weights[term], self._with[term][-min(OF_A_TERM, left) :]
            for number in some:
                shared[number] = shared.get(number, 0.0) + weight
            left -= len(some)
            if left <= 0:
                break
        return nlargest(COMPARED, shared, key=lambda number: (shared[number], number))


def _nearness(one: Kinsman, other: Kinsman) -> float:
    marks = sum(WORTH[mark.partition(":")[0]] for mark in one.marks & other.marks)
    days = abs((one.published - other.published).days)
    return one.vector.likeness(other.vector) + marks + FRESH / (1 + days / FADES)
