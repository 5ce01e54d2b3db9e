"""What is only stale in its looks: a few pages are printed at once, many in the background.

An editor waits for what she did. Nobody waits for the new masthead of an article of last year, as
long as nothing on its page leads nowhere. So a plan says of such jobs that they are *stale*: up
to `FEW` of them go with the next edition, more are put into the re-render queue. That is one
statement of SQL, so a hundred thousand cost a fraction of a second, and no article is read for it.
"""

from collections.abc import Callable, Iterable

from django.db import connection
from django.db.models import CharField, Max, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from tamizdat.lib import clock
from tamizdat.lib.batches import batches
from tamizdat.press.models import (
    Dependency,
    InvalidatedKey,
    ListEntry,
    OutputFile,
    RerenderJob,
    RerenderRun,
)

FEW = 100  # jobs that an editor can wait for: half a second
MOST_KEYS = 5_000  # that one plan notes; after more of them, everything staged is void
EVERYTHING = "all:"
AT_ONCE = 400  # rows of one query
#: Kinds of output files of which there are as many as the archive is large.
MANY_KINDS = ("article", "older", "month", "shard", "sitemap", "plain", "part")
#: Kinds of output files that have neither masthead nor footer.
UNFRAMED = ("shard", "feed", "sitemap", "sitemaps", "robots", "favicon")
NUMBERED = ("front", "edition")  # kinds of output files that are printed for every edition

Add = Callable[[Iterable[str]], None]


def mark_stale(files: QuerySet[OutputFile], add: Add) -> None:
    """Have the jobs of these output files printed: at once (`add`) where they are few, or later.

    The first pages of lists, feeds and others of which there are few are printed at once anyway.
    """
    few = files.exclude(kind__in=(*MANY_KINDS, "picture"))
    add(list(few.values_list("job", flat=True).distinct()))
    _few_or_later(files.filter(kind__in=MANY_KINDS), add)


def mark_all_stale(files: QuerySet[OutputFile], add: Add) -> None:
    """Have all of these files printed in a new look: fronts at once, of others many later."""
    add(list(files.filter(kind__in=NUMBERED).values_list("job", flat=True).distinct()))
    _few_or_later(files.exclude(kind__in=(*NUMBERED, "picture")), add)


def _few_or_later(files: QuerySet[OutputFile], add: Add) -> None:
    jobs = list(files.values_list("job", flat=True).distinct()[: FEW + 1])
    if len(jobs) <= FEW:
        add(jobs)
    else:
        put(files)


def put(files: QuerySet[OutputFile]) -> None:
    """Put the jobs of these files into the queue, neighbours together, the newest first."""
    table = connection.ops.quote_name(RerenderJob._meta.db_table)  # noqa: SLF001  Django's documented name
    found = files.order_by().values("job").annotate(place=Max("path"))
    select, values = found.query.sql_with_params()
    newest = f"SELECT job FROM ({select}) AS found ORDER BY place DESC"  # noqa: S608  no text of anybody's
    again = f"WHERE job IN (SELECT job FROM ({select}) AS found)"  # noqa: S608  nor here
    with connection.cursor() as cursor:
        # In SQL: Django would read every row first, for whoever listens to deletions.
        cursor.execute(f"DELETE FROM {table} {again}", values)  # noqa: S608
        cursor.execute(f"INSERT INTO {table} (job) {newest}", values)
    begin()


def put_jobs(jobs: Iterable[str]) -> None:
    """Put jobs into the queue that somebody has found one by one."""
    listed = list(jobs)
    for some in batches(listed, AT_ONCE):
        RerenderJob.objects.filter(job__in=some).delete()
        RerenderJob.objects.bulk_create(RerenderJob(job=job) for job in some)
    if listed:
        begin()


def begin() -> None:
    """Start counting, unless a run is on already."""
    if not RerenderRun.objects.exists():
        RerenderRun.objects.create(begun=clock.now())


def note(keys: Iterable[str]) -> None:
    """Note that a plan followed these keys: what others are printing from them is void."""
    if not RerenderJob.objects.exists():
        return
    listed = list(keys)
    if len(listed) > MOST_KEYS:
        listed = [EVERYTHING]
    InvalidatedKey.objects.bulk_create(
        (InvalidatedKey(key=key) for key in listed), batch_size=AT_ONCE
    )


def files_depending_on(keys: Iterable[str]) -> QuerySet[OutputFile]:
    """Return the output files whose jobs depend on one of these keys."""
    jobs = Dependency.objects.filter(key__in=list(keys)).values("job")
    return OutputFile.objects.filter(gone=False, job__in=jobs)


def on_list(of: str) -> Q:
    """Return what finds the files of a list's articles, of pages with their teasers, and search.

    For lists that are too long to name each article.
    """
    on_it = ListEntry.objects.filter(list=of)
    here = on_it.annotate(key=_key("article:")).values("key")
    shown = on_it.annotate(key=_key("card:")).values("key")
    return Q(job__in=here) | Q(job__in=Dependency.objects.filter(key__in=shown).values("job"))


def _key(kind: str) -> Concat:
    return Concat(Value(kind), Cast("article", CharField()), output_field=CharField())
