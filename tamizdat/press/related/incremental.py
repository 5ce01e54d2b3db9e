"""One article related: at the moment in which it is published, or anew in the background.

All that is known lies in rows, so a process that has just begun, on any machine, asks no more than
one that has run for a month: some hundred terms, the newest articles of forty, and eighty vectors.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q

from tamizdat.press.models import Kinship, Stem
from tamizdat.press.related import similarity as rule
from tamizdat.press.related.exchange import Counted
from tamizdat.press.related.features import EVERY, Vector, weigh
from tamizdat.press.related.similarity import (
    AROUND,
    OF_A_TERM,
    RANKED,
    SHOWN,
    Candidate,
    RankedIds,
    nearest,
    nearness,
    posting,
    sharing,
)

AT_ONCE = 500  # rows of one query
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Postings:
    """What a language knows of some terms: how often each stands, and its newest articles."""

    stands: Mapping[int, int]
    newest: Mapping[int, "array[int]"]


def learn(language: str, one: Counted) -> None:
    """Count one more article of a language; call it once for each, before any is weighed."""
    terms = sorted(one.profile.counts)
    for some in _portions(terms):
        there = Stem.objects.filter(language=language, term__in=some)
        known = set(there.values_list("term", flat=True))
        there.update(stands=F("stands") + 1)
        new = (Stem(language=language, term=term, stands=1) for term in some if term not in known)
        Stem.objects.bulk_create(new)


def enter(language: str, one: Counted) -> None:
    """Weigh an article, and let others find it."""
    stands = _stands(language, one.profile.counts)
    vector = weigh(one.profile, stands, one.facets)
    row = Kinship(
        article=one.number, language=language, day=one.day, look=one.look, vector=vector.packed()
    )
    here = Kinship.objects.filter(pk=one.number)
    before = list(here.values_list("vector", flat=True))
    Kinship.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["language", "day", "look", "vector"],
    )
    known = Vector.unpacked(bytes(before[0])).weights.keys() if before else ()
    _post(language, one, [term for term in vector.weights if term not in known])


def relate(number: int) -> tuple[list[int], list[int]]:
    """Answer anew what is nearest to an article that was entered.

    Returns:
        The articles that it is near to, and those of them under which it should be shown.
    """
    row = Kinship.objects.get(pk=number)
    one = _candidate(row)
    answer, others = _ranked(row.language, one)
    write(number, answer)
    wanting = [
        other.number
        for other, edge in others
        if other.number != number and nearness(other, one) > edge
    ]
    return answer.numbers, wanting


def write(number: int, answer: RankedIds) -> None:
    """Keep an article's answer."""
    said = " ".join(map(str, answer.numbers))
    Kinship.objects.filter(pk=number).update(answer=said, edge=answer.edge)


def near(language: str, one: Counted) -> list[int]:
    """Return what is nearest to an article that nobody has published yet; nothing is kept."""
    stands = _stands(language, one.profile.counts)
    draft = Candidate(one.number, one.day, weigh(one.profile, stands, one.facets))
    return _ranked(language, draft)[0].numbers


def is_young(language: str) -> bool:
    """Say whether a language has so few articles that all are compared."""
    return _stands(language, [EVERY]).get(EVERY, 0) <= rule.YOUNG


def hold(language: str) -> None:
    """Let no other process change what this language knows until this transaction ends."""
    every = Stem.objects.select_for_update().filter(language=language, term=EVERY)
    if not every.exists():
        Stem.objects.bulk_create(
            [Stem(language=language, term=EVERY, stands=0)], ignore_conflicts=True
        )
    list(every)


@transaction.atomic
def anew(language: str, one: Counted) -> tuple[list[int], list[int]]:
    """Weigh and relate an article again, as its language speaks now; see `relate`."""
    hold(language)
    enter(language, one)
    return relate(one.number)


def _stands(language: str, terms: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in _portions(terms):
        rows = Stem.objects.filter(language=language, term__in=some)
        found.update(rows.values_list("term", "stands"))
    return found


def _standing(language: str, terms: Iterable[int]) -> Postings:
    rows = Stem.objects.filter(language=language, term__in=list(terms))
    stands: dict[int, int] = {}
    newest: dict[int, array[int]] = {}
    for term, times, raw in rows.values_list("term", "stands", "newest"):
        stands[term], newest[term] = times, array("Q", bytes(raw))
    return Postings(stands, newest)


def _post(language: str, one: Counted, terms: list[int]) -> None:
    """Let an article be found by these terms."""
    here = posting(one.number, one.day)
    standing = _standing(language, terms)
    rows = [
        Stem(language=language, term=term, stands=standing.stands[term], newest=newest)
        for term, posted in sorted(standing.newest.items())
        if (newest := _with(posted, here))
    ]
    Stem.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["language", "term"],
        update_fields=["newest"],
    )


def _with(posted: "array[int]", here: int) -> bytes:
    """Return what stands under a term once this posting does; nothing if it does already."""
    at = bisect_left(posted, here)
    if at < len(posted) and posted[at] == here:
        return b""
    posted.insert(at, here)
    return posted[-OF_A_TERM:].tobytes()


def _ranked(language: str, one: Candidate) -> tuple[RankedIds, list[tuple[Candidate, float]]]:
    """Return what is nearest to an article, and all that it was compared with, with their edges.

    Where all that shares its words tells too few stories, what was published around it is asked.
    """
    if is_young(language):
        others = _compared(Kinship.objects.filter(language=language))
        return _nearest(one, others), others
    found = _sharing(language, one)
    if len(found) <= RANKED:
        found += _around(language, one)
    others = _compared(Kinship.objects.filter(pk__in=found))  # by language, all of it is read
    answer = _nearest(one, others)
    if len(answer.numbers) < SHOWN:
        around = set(_around(language, one)).difference(found)
        others += _compared(Kinship.objects.filter(pk__in=around))
        answer = _nearest(one, others)
    return answer, others


def _sharing(language: str, one: Candidate) -> list[int]:
    standing = _standing(language, one.vector.weights)
    known = {term: weight for term, weight in one.vector.weights.items() if term in standing.stands}
    return sharing(Vector(known, ()), standing.stands, standing.newest)


def _compared(rows: Iterable[Kinship]) -> list[tuple[Candidate, float]]:
    return [(_candidate(row), row.edge) for row in rows]


def _nearest(one: Candidate, others: Iterable[tuple[Candidate, float]]) -> RankedIds:
    return nearest(one, (other for other, _ in others))


def _around(language: str, one: Candidate) -> list[int]:
    """Return what was published before and after an article."""
    every = Kinship.objects.filter(language=language)
    older = Q(day__lt=one.day) | Q(day=one.day, pk__lt=one.number)
    newer = Q(day__gt=one.day) | Q(day=one.day, pk__gt=one.number)
    before = every.filter(older).order_by("-day", "-pk").values_list("pk", flat=True)
    after = every.filter(newer).order_by("day", "pk").values_list("pk", flat=True)
    return [*before[:AROUND], *after[:AROUND]]


def _candidate(row: Kinship) -> Candidate:
    return Candidate(row.pk, row.day, Vector.unpacked(bytes(row.vector)))


def _portions(every: Iterable[T]) -> Iterator[list[T]]:
    listed = list(every)
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))
