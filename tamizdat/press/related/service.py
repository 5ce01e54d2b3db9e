"""Read more, as the press keeps it: made for what is new, renewed for what is old.

A publication relates what it publishes, and nothing else; where an old article should show a new
one its row is queued, and the background relates some queued rows at a time and has only those
pages printed that show something else now.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, transaction

from tamizdat.lib.batches import batches
from tamizdat.lib.processes.stopping import until_stopped
from tamizdat.press.content import lists
from tamizdat.press.models import Change, Dependency, ListEntry, RelatedArticles, TermPrefix
from tamizdat.press.related import bulk_job, incremental
from tamizdat.press.related.exchange import Counted
from tamizdat.press.related.features import EVERY
from tamizdat.press.related.similarity import SHOWN

FEW = 50  # articles that are related one by one
PORTION = 50  # queued articles of one round
LOOKED_AT = 10 * PORTION  # of which so many may fail before others are held up
AT_ONCE = 500  # rows of one query
ARTICLE = "article:"
T = TypeVar("T")


def mark_stale(keys: Iterable[str]) -> None:
    """Note which articles changed ("article:12"), in the transaction that plans their pages."""
    numbers = [int(key.removeprefix(ARTICLE)) for key in keys if key.startswith(ARTICLE)]
    for some in batches(numbers, AT_ONCE):
        RelatedArticles.objects.filter(pk__in=some).update(stale=True)


def rank_stale(jobs: Iterable[str]) -> dict[str, str]:
    """Relate the articles about to be printed that are new or changed.

    A language in which words are to be counted anew, as after an update, is related whole. It may
    be repeated after a crash: what was related is no longer stale.

    Returns:
        The jobs of articles whose words cannot be counted, and why: they hold up no other.
    """
    numbers = {int(job.removeprefix(ARTICLE)) for job in jobs if job.startswith(ARTICLE)}
    new = numbers - _known(numbers)
    stale = set(RelatedArticles.objects.filter(stale=True).values_list("pk", flat=True))
    anew = to_count_anew()
    by_language: dict[str, list[int]] = {language: [] for language in anew}
    there = set[int]()
    for number, language in _languages(new | stale):
        by_language.setdefault(language, []).append(number)
        there.add(number)
    _forget(stale - there)
    failed: dict[int, str] = {}
    for language, some in sorted(by_language.items()):
        if len(some) > FEW or language in anew or _uncounted(language):
            failed |= bulk_job.relate_all(language)
        else:
            failed |= _rank_few(language, sorted(some))
    return {f"{ARTICLE}{number}": why for number, why in failed.items()}


def ranked_ids(numbers: Iterable[int]) -> dict[int, list[int]]:
    """Return what to read after each of these articles, best first, more than are shown."""
    found: dict[int, list[int]] = {}
    for some in batches(numbers, AT_ONCE):
        rows = RelatedArticles.objects.filter(pk__in=some).values_list("pk", "ranked_ids")
        found.update((pk, [int(other) for other in ids.split()]) for pk, ids in rows)
    return found


def to_count_anew() -> list[str]:
    """Return the languages of which we have related articles and no word: their rule is another.

    A migration that takes the rows of `TermPrefix` away has all related by the rule of today.
    """
    every = TermPrefix.objects.filter(language__in=settings.NEWSROOM.languages, term=EVERY)
    counted = set(every.values_list("language", flat=True))
    return [
        language
        for language in settings.NEWSROOM.languages
        if language not in counted and RelatedArticles.objects.filter(language=language).exists()
    ]


def refresh() -> int:
    """Relate some queued articles anew, have those printed that show others now; return how many.

    One that cannot be related holds up no other: it stays queued.

    Raises:
        Exception: of the first that failed, when all others are done.
    """
    queued = RelatedArticles.objects.filter(queued=True, stale=False).order_by("-pk")
    if anew := to_count_anew():
        queued = queued.exclude(language__in=anew)
    changed = done = 0
    first: Exception | None = None
    for number in until_stopped(queued.values_list("pk", flat=True)[:LOOKED_AT]):
        try:
            changed += _refresh(number)
            done += 1
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  it is raised when the others are done
            first = first or error
        if done == PORTION:
            break
    if first:
        raise first
    return changed


@transaction.atomic
def _refresh(number: int) -> bool:
    row = RelatedArticles.objects.filter(pk=number).first()
    if row is None or not RelatedArticles.objects.filter(pk=number, queued=True).update(
        queued=False
    ):
        return False
    one = next(bulk_job.count([number]), None)
    if one is None:
        return False  # it was withdrawn, and its publication is going to say so
    before = [int(other) for other in row.ranked_ids.split()][:SHOWN]
    after, _ = incremental.anew(row.language, one)
    if before == after[:SHOWN]:
        return False
    Change.objects.create(key=f"job:{ARTICLE}{number}")
    return True


@transaction.atomic
def _rank_few(language: str, numbers: list[int]) -> dict[int, str]:
    """Learn from all of them, before any is weighed: so their order does not matter."""
    incremental.hold(language)
    hashes = dict(RelatedArticles.objects.filter(pk__in=numbers).values_list("pk", "content_hash"))
    failed: dict[int, str] = {}
    every = list(bulk_job.count(numbers, failed))
    new = [one for one in every if one.number not in hashes]
    changed = [one for one in every if hashes.get(one.number) != one.content_hash]
    for one in new:
        incremental.learn(language, one)
    for one in changed:
        incremental.enter(language, one)
    wanting = {number for one in changed for number in incremental.relate(one.number)[1]}
    _queue(language, wanting, changed)
    RelatedArticles.objects.filter(pk__in=set(numbers) - failed.keys()).update(stale=False)
    return failed


def _queue(language: str, wanting: set[int], changed: list[Counted]) -> None:
    """Have the background relate those anew that may show one of the changed.

    In a young language all: each new article tells what its words are worth.
    """
    related = {one.number for one in changed}
    if changed and incremental.is_young(language):
        every = RelatedArticles.objects.filter(language=language)
        every.exclude(pk__in=related).update(queued=True)
        return
    for some in batches(wanting - related, AT_ONCE):
        RelatedArticles.objects.filter(pk__in=some).update(queued=True)


def _forget(gone: Iterable[int]) -> None:
    """Drop articles that are no longer published; where they were shown, others move up."""
    for number in gone:
        pages = Dependency.objects.filter(key=f"card:{number}", job__startswith=ARTICLE)
        showing = [int(job.removeprefix(ARTICLE)) for job in pages.values_list("job", flat=True)]
        for some in batches(showing, AT_ONCE):
            RelatedArticles.objects.filter(pk__in=some).update(queued=True)
        RelatedArticles.objects.filter(pk=number).delete()


def _known(numbers: Iterable[int]) -> set[int]:
    found = set[int]()
    for some in batches(numbers, AT_ONCE):
        found.update(RelatedArticles.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


def _languages(numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield the language of each of these articles that is published."""
    for some in batches(numbers, AT_ONCE):
        rows = ListEntry.objects.filter(article__in=some, list__startswith=lists.SEARCH)
        for number, of in rows.values_list("article", "list"):
            yield number, of.removeprefix(lists.SEARCH)


def _uncounted(language: str) -> bool:
    """Say whether a language has an archive of which nothing is known yet."""
    if TermPrefix.objects.filter(language=language, term=EVERY).exists():
        return False
    return ListEntry.objects.filter(list=lists.SEARCH + language)[: FEW + 1].count() > FEW
