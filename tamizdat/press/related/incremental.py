"""One article related: at the moment in which it is published, or anew in the background.

All that is known lies in rows, so a process that has just begun, on any machine, asks no more than
one that has run for a month: some hundred terms, the newest articles of forty, and eighty vectors.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q

from tamizdat.lib.batches import batches
from tamizdat.press.models import RelatedArticles, TermPrefix
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
class TermStatistics:
    """What a language knows of some terms: how many articles have each, and the newest of them."""

    article_counts: Mapping[int, int]
    postings: Mapping[int, "array[int]"]


def learn(language: str, one: Counted) -> None:
    """Count one more article of a language; call it once for each, before any is weighed."""
    terms = sorted(one.profile.counts)
    for some in batches(terms, AT_ONCE):
        there = TermPrefix.objects.filter(language=language, term__in=some)
        known = set(there.values_list("term", flat=True))
        there.update(article_count=F("article_count") + 1)
        new = [term for term in some if term not in known]
        TermPrefix.objects.bulk_create(
            TermPrefix(language=language, term=term, article_count=1) for term in new
        )


def enter(language: str, one: Counted) -> None:
    """Weigh an article, and let others find it."""
    article_counts = _article_counts(language, one.profile.counts)
    vector = weigh(one.profile, article_counts, one.facets)
    row = RelatedArticles(
        article=one.number,
        language=language,
        day=one.day,
        content_hash=one.content_hash,
        vector=vector.packed(),
    )
    here = RelatedArticles.objects.filter(pk=one.number)
    before = list(here.values_list("vector", flat=True))
    RelatedArticles.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["language", "day", "content_hash", "vector"],
    )
    known = Vector.unpacked(bytes(before[0])).weights.keys() if before else ()
    _post(language, one, [term for term in vector.weights if term not in known])


def relate(number: int) -> tuple[list[int], list[int]]:
    """Rank anew what is nearest to an article that was entered.

    Returns:
        The articles that it is near to, and those of them under which it should be shown.
    """
    row = RelatedArticles.objects.get(pk=number)
    one = _candidate(row)
    ranked, others = _ranked(row.language, one)
    write(number, ranked)
    wanting = [
        other.number
        for other, score_threshold in others
        if other.number != number and nearness(other, one) > score_threshold
    ]
    return ranked.numbers, wanting


def write(number: int, ranked: RankedIds) -> None:
    """Keep what is nearest to an article."""
    ids = " ".join(map(str, ranked.numbers))
    row = RelatedArticles.objects.filter(pk=number)
    row.update(ranked_ids=ids, score_threshold=ranked.score_threshold)


def near(language: str, one: Counted) -> list[int]:
    """Return what is nearest to an article that nobody has published yet; nothing is kept."""
    article_counts = _article_counts(language, one.profile.counts)
    if EVERY not in article_counts:
        return []  # no word is counted; with no age either, all articles would be compared
    draft = Candidate(one.number, one.day, weigh(one.profile, article_counts, one.facets))
    return _ranked(language, draft)[0].numbers


def is_young(language: str) -> bool:
    """Say whether a language has so few articles that all are compared."""
    return _article_counts(language, [EVERY]).get(EVERY, 0) <= rule.YOUNG


def hold(language: str) -> None:
    """Let no other process change what this language knows until this transaction ends."""
    every = TermPrefix.objects.select_for_update().filter(language=language, term=EVERY)
    if not every.exists():
        TermPrefix.objects.bulk_create(
            [TermPrefix(language=language, term=EVERY, article_count=0)], ignore_conflicts=True
        )
    list(every)


@transaction.atomic
def anew(language: str, one: Counted) -> tuple[list[int], list[int]]:
    """Weigh and relate an article again, as its language speaks now; see `relate`."""
    hold(language)
    enter(language, one)
    return relate(one.number)


def _article_counts(language: str, terms: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in batches(terms, AT_ONCE):
        rows = TermPrefix.objects.filter(language=language, term__in=some)
        found.update(rows.values_list("term", "article_count"))
    return found


def _statistics(language: str, terms: Iterable[int]) -> TermStatistics:
    rows = TermPrefix.objects.filter(language=language, term__in=list(terms))
    article_counts: dict[int, int] = {}
    postings: dict[int, array[int]] = {}
    for term, article_count, raw in rows.values_list("term", "article_count", "postings"):
        article_counts[term], postings[term] = article_count, array("Q", bytes(raw))
    return TermStatistics(article_counts, postings)


def _post(language: str, one: Counted, terms: list[int]) -> None:
    """Let an article be found by these terms."""
    here = posting(one.number, one.day)
    known = _statistics(language, terms)
    rows = [
        TermPrefix(
            language=language,
            term=term,
            article_count=known.article_counts[term],
            postings=postings,
        )
        for term, posted in sorted(known.postings.items())
        if (postings := _with(posted, here))
    ]
    TermPrefix.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["language", "term"],
        update_fields=["postings"],
    )


def _with(posted: "array[int]", here: int) -> bytes:
    """Return a term's postings with this one among them; nothing if it is there already."""
    at = bisect_left(posted, here)
    if at < len(posted) and posted[at] == here:
        return b""
    posted.insert(at, here)
    return posted[-OF_A_TERM:].tobytes()


def _ranked(language: str, one: Candidate) -> tuple[RankedIds, list[tuple[Candidate, float]]]:
    """Return what is nearest to an article; and all it was compared with, and their thresholds.

    Where all that shares its words tells too few stories, what was published around it is asked.
    """
    if is_young(language):
        others = _compared(RelatedArticles.objects.filter(language=language))
        return _nearest(one, others), others
    found = _sharing(language, one)
    if len(found) <= RANKED:
        found += _around(language, one)
    others = _compared(
        RelatedArticles.objects.filter(pk__in=found)
    )  # by language, all of it is read
    ranked = _nearest(one, others)
    if len(ranked.numbers) < SHOWN:
        around = set(_around(language, one)).difference(found)
        others += _compared(RelatedArticles.objects.filter(pk__in=around))
        ranked = _nearest(one, others)
    return ranked, others


def _sharing(language: str, one: Candidate) -> list[int]:
    known = _statistics(language, one.vector.weights)
    weights = {
        term: weight for term, weight in one.vector.weights.items() if term in known.article_counts
    }
    return sharing(Vector(weights, ()), known.article_counts, known.postings)


def _compared(rows: Iterable[RelatedArticles]) -> list[tuple[Candidate, float]]:
    return [(_candidate(row), row.score_threshold) for row in rows]


def _nearest(one: Candidate, others: Iterable[tuple[Candidate, float]]) -> RankedIds:
    return nearest(one, (other for other, _ in others))


def _around(language: str, one: Candidate) -> list[int]:
    """Return what was published before and after an article."""
    every = RelatedArticles.objects.filter(language=language)
    older = Q(day__lt=one.day) | Q(day=one.day, pk__lt=one.number)
    newer = Q(day__gt=one.day) | Q(day=one.day, pk__gt=one.number)
    before = every.filter(older).order_by("-day", "-pk").values_list("pk", flat=True)
    after = every.filter(newer).order_by("day", "pk").values_list("pk", flat=True)
    return [*before[:AROUND], *after[:AROUND]]


def _candidate(row: RelatedArticles) -> Candidate:
    return Candidate(row.pk, row.day, Vector.unpacked(bytes(row.vector)))
