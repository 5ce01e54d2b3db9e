"""Which articles are nearest to one: the rule, for one article and without any library.

It looks first at what shares the rarest terms, newest first, and no further than it must, so one
question costs the same in an archive of any size. What it finds there is then compared whole.
`corpus` asks the same of many at once.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nlargest

from tamizdat.press.related.features import FINEST, Vector, same_story

POSTINGS = 3_000  # looked at for one question
OF_A_TERM = 800  # its newest
COMPARED = 80  # articles, whole
AROUND = 40  # before and after it in time, for an article whose words tell too little
YOUNG = 200  # articles of a language up to which all are compared
SHOWN = 4  # each is a hundred bytes more, and a page has ten kilobytes
RANKED = 12  # more than are shown, so that a withdrawal leaves enough
WORTH = (0, 100, 50, 20)  # thousandths that a shared topic, person, section adds to a likeness
FRESH = 0.04  # what an article gains that is not older
FADES = 365.0  # days: of one older by so much half of that is left
WHOLE = FINEST * FINEST
NONE = -1.0  # the score threshold where fewer than `SHOWN` are ranked: anything comes in


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article among the others of its language. `day` is the date as an ordinal."""

    number: int
    day: int
    vector: Vector


@dataclass(frozen=True, slots=True)
class RankedIds:
    """What is nearest to an article, best first; the threshold is the score of the last shown."""

    numbers: list[int] = field(default_factory=list)
    score_threshold: float = NONE


def posting(number: int, day: int) -> int:
    """Return an article as its terms list it: as one number, larger the newer it is."""
    return day << 32 | number


def numbered(posted: int) -> int:
    """Return the article of a posting."""
    return posted & 0xFFFFFFFF


def sharing(
    vector: Vector, article_counts: Mapping[int, int], postings: Mapping[int, "array[int]"]
) -> list[int]:
    """Return the articles that share most of an article's rarest terms, itself among them.

    Args:
        vector: The article's.
        article_counts: How many articles have each of its terms.
        postings: The newest articles under each of these terms, oldest first.
    """
    shared: dict[int, int] = {}
    left = POSTINGS
    for term in sorted(vector.weights, key=lambda term: (article_counts[term], term)):
        if left <= 0:
            break
        some = postings[term][-min(OF_A_TERM, left) :]
        weight = vector.weights[term]
        for posted in some:
            shared[posted] = shared.get(posted, 0) + weight
        left -= len(some)
    best = nlargest(COMPARED, shared, key=lambda posted: (shared[posted], posted))
    return [numbered(posted) for posted in best]


def nearness(one: Candidate, other: Candidate) -> float:
    """Return how much a reader of one wants the other.

    Older ones fade, newer ones do not: what came after is as fresh as can be.
    """
    weigh, weights = other.vector.weights.get, one.vector.weights.items()
    likeness = sum(weight * weigh(term, 0) for term, weight in weights)
    shared = set(one.vector.facets).intersection(other.vector.facets)
    worth = sum(WORTH[facet & 3] for facet in shared)
    late = max(0, one.day - other.day)
    return likeness / WHOLE + worth / 1000 + FRESH / (1 + late / FADES)


def nearest(one: Candidate, others: Iterable[Candidate]) -> RankedIds:
    """Return which of the others are nearest to one.

    Never itself, nor what tells the same story as it or as one ranked before it.
    """
    near = [(nearness(one, other), other.number, other) for other in others]
    near.sort(reverse=True)
    numbers, seen, score_threshold = list[int](), [one.vector.sketch], NONE
    for score, number, other in near:
        if number == one.number or any(same_story(other.vector.sketch, it) for it in seen):
            continue
        numbers.append(number)
        seen.append(other.vector.sketch)
        if len(numbers) == SHOWN:
            score_threshold = score
        if len(numbers) == RANKED:
            break
    return RankedIds(numbers, score_threshold)
