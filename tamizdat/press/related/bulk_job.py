"""All articles of a language related at once: after an import, for an archive's first edition.

Reading is shared among the machine's cores; the numpy job is a process of its own, so its memory
does not add to that of the printers. Ranked ids that are there already stay, and are made
anew in the background: a thousand new articles do not print a hundred thousand old ones.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from tamizdat.desk.published.gist import gists
from tamizdat.lib.batches import batches
from tamizdat.lib.processes.worker_pool import in_order, shared_out
from tamizdat.press.content import lists as article_lists
from tamizdat.press.content.bulk import insert
from tamizdat.press.content.failures import cause, is_its_own
from tamizdat.press.models import ListEntry, RelatedArticles, TermPrefix
from tamizdat.press.related import results
from tamizdat.press.related.exchange import BEGINNING, Counted, counted, write
from tamizdat.press.related.incremental import hold
from tamizdat.press.related.similarity import NONE

PORTION = 500  # articles
MANY = 2_000  # articles from which on a second process is worth its start
PREFIX = "related-"  # of a folder for one bulk job; there is one at a time, by the lock's holder
OLD_PREFIX = "kin-"  # the same of a program before migration 0005; swept, too
COLUMNS = (
    *("article", "language", "day", "content_hash", "vector"),
    *("ranked_ids", "score_threshold", "stale", "queued"),
)
Row = tuple[Any, ...]
Hashed = tuple[int, int, int]  # an article's number, day and content hash
Portion = tuple[list[Hashed], dict[int, str]]  # and what failed


def relate_all(language: str) -> dict[int, str]:
    """Relate all published articles of a language, each to all others.

    Returns:
        Those whose words cannot be counted, and why: they are related to nothing.
    """
    failed: dict[int, str] = {}
    numbers = _in_order(language)
    ranked = set(RelatedArticles.objects.filter(language=language).values_list("pk", flat=True))
    stale = RelatedArticles.objects.filter(language=language, stale=True)
    for prefix in (PREFIX, OLD_PREFIX):
        for left in settings.NEWSROOM.data.glob(f"{prefix}*"):  # by one that was killed
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=settings.NEWSROOM.data, prefix=PREFIX) as place:
        folder = Path(place)
        fresh = ranked.difference(stale.values_list("pk", flat=True))
        every = _count(folder, numbers, fresh, failed)
        if every:
            results.run_job(folder)
            _keep(language, folder, every)
        else:
            RelatedArticles.objects.filter(language=language).delete()
    return failed


def count(numbers: Sequence[int], failed: dict[int, str] | None = None) -> Iterator[Counted]:
    """Yield those of these articles that are published and in a list, counted, in this order.

    Args:
        numbers: Of the articles.
        failed: Gets those that cannot be counted, and why; without it that is an error.
    """
    for start in range(0, len(numbers), PORTION):
        some = numbers[start : start + PORTION]
        lists, published = _lists(some)
        said = {one.id: (one.headline, one.text) for one in gists(some, BEGINNING)}
        for number in some:
            if number not in said or number not in published:
                continue
            try:
                one = counted(number, *published[number], said[number], lists[number])
            except Exception as error:
                if failed is None or not is_its_own(error):
                    raise
                failed[number] = cause(error)
            else:
                yield one


def _lists(numbers: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, tuple[int, str]]]:
    """Return the lists that articles are in, and their publication: its day and its language."""
    lists: dict[int, list[str]] = {number: [] for number in numbers}
    rows = ListEntry.objects.filter(article__in=numbers)
    published: dict[int, tuple[int, str]] = {}
    for number, of, moment in rows.values_list("article", "list", "published"):
        if of.startswith(article_lists.SEARCH):
            language = of.removeprefix(article_lists.SEARCH)
            published[number] = moment.toordinal(), language
        else:
            lists[number].append(of)
    return lists, published


def _in_order(language: str) -> list[int]:
    """Return a language's articles in the order of postings."""
    rows = ListEntry.objects.filter(list=article_lists.SEARCH + language).values_list(
        "published", "article"
    )
    return [number for _, number in sorted((day.toordinal(), number) for day, number in rows)]


def _count(
    folder: Path, numbers: list[int], fresh: set[int], failed: dict[int, str]
) -> list[Hashed]:
    """Count all articles into the folder, and return number, day and content hash of each."""
    every: list[Hashed] = []
    for some, without in _counts(folder, numbers, fresh):
        every += some
        failed |= without
    return every


def _counts(folder: Path, numbers: list[int], fresh: set[int]) -> list[Portion]:
    portions = range(0, len(numbers), PORTION)
    cores = len(os.sched_getaffinity(0))
    count_portion = partial(_count_portion, folder, numbers, fresh)
    if len(numbers) < MANY or cores == 1 or threading.active_count() > 1:
        return list(map(count_portion, portions))
    connections.close_all()  # a connection that two processes share is broken in both
    with shared_out(count_portion, portions, cores) as counts:
        return list(in_order(counts))


def _count_portion(folder: Path, numbers: list[int], fresh: set[int], start: int) -> Portion:
    failed: dict[int, str] = {}
    every = list(count(numbers[start : start + PORTION], failed))
    if every:
        write(folder, start, ((one, one.number not in fresh) for one in every))
    return [(one.number, one.day, one.content_hash) for one in every], failed


@transaction.atomic
def _keep(language: str, folder: Path, every: list[Hashed]) -> None:
    hold(language)
    TermPrefix.objects.filter(language=language).delete()
    prefixes = ((language, *prefix) for prefix in results.prefixes(folder))
    insert(TermPrefix, ("language", "term", "article_count", "postings"), prefixes)
    known = set(RelatedArticles.objects.filter(language=language).values_list("pk", flat=True))
    for some in batches(known - {number for number, _, _ in every}, PORTION):
        RelatedArticles.objects.filter(pk__in=some).delete()
    rankings = results.ranked(folder)
    waiting = next(rankings, None)
    rows: list[Row] = []
    for (number, day, content_hash), vector in zip(every, results.vectors(folder), strict=True):
        ranked = None
        if waiting and waiting[0] == number:
            ranked, waiting = waiting[1], next(rankings, None)
        rows.append((number, language, day, content_hash, vector, ranked))
        if len(rows) == PORTION:
            _replace(rows)
            rows = []
    _replace(rows)


def _replace(rows: list[Row]) -> None:
    """Put rows in the place of older ones, whose ranked ids stay where there are no new ones."""
    old = RelatedArticles.objects.filter(pk__in=[row[0] for row in rows])
    before = {pk: kept for pk, *kept in old.values_list("pk", "ranked_ids", "score_threshold")}
    old.delete()
    insert(RelatedArticles, COLUMNS, (_row(row, before.get(row[0])) for row in rows))


def _row(row: Row, before: Sequence[Any] | None) -> Row:
    *made, ranked = row
    if ranked is None:
        kept, score_threshold = before or ("", NONE)
        return (*made, kept, score_threshold, False, True)
    return (*made, " ".join(map(str, ranked.numbers)), ranked.score_threshold, False, False)
