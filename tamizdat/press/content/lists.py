"""Lists of articles, cut into pages that never shift.

A list's newest two pages stand together at its own address ("en/section/courts.html"), so that
it is never nearly empty; each older page has an address with its number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import connection
from django.db.models import Q

from tamizdat.lib.batches import batches
from tamizdat.press.content.bulk import insert
from tamizdat.press.models import ListEntry

PAGE = 30  # articles
SHARD = 256  # articles of a page of the search's lists: what a publication may have to read again
SEARCH = "search:"  # lists of a language's articles, whose pages are the shards of its search
OVERFULL = 3  # times a page's length
AT_ONCE = 500  # rows of one query
IN_HEAD = 2  # pages
UNITED = 100  # lists of one query
# Each in parentheses of its own: SQLite sorts and limits nothing within a union otherwise.
_NEWEST = f"""SELECT * FROM (SELECT published, article, list FROM {ListEntry._meta.db_table}
WHERE list = %s ORDER BY published DESC, article DESC LIMIT %s) AS newest"""  # noqa: S608, SLF001  our table's name, as Django documents it
HEAD = 0  # stands for the page at the list's own address


@dataclass(frozen=True, slots=True)
class Ends:
    """A list's newest pages: `head` stand at its own address, `older` is the next, or None."""

    head: tuple[int, ...]
    older: int | None


def ends(of: str) -> Ends:
    """Return the newest pages of a list; no page at all if it is empty."""
    rows = ListEntry.objects.filter(list=of).order_by("-page").values_list("page", flat=True)
    newest = list(rows.distinct()[: IN_HEAD + 1])
    older = newest[IN_HEAD] if len(newest) > IN_HEAD else None
    return Ends(tuple(newest[:IN_HEAD]), older)


def neighbours(of: str, page: int) -> tuple[int | None, int | None]:
    """Return the page before (older) and after (newer) one, None at the list's ends."""
    above = ListEntry.objects.filter(list=of, page__gt=page).order_by("page")
    return _page_below(of, page), above.values_list("page", flat=True).first()


def articles(of: str, pages: Iterable[int]) -> list[int]:
    """Return the articles on these pages of a list, newest first."""
    # Sorted by the database, SQLite would walk through the whole list in its order.
    rows = ListEntry.objects.filter(list=of, page__in=pages).values_list("published", "article")
    return [article for _, article in sorted(rows, reverse=True)]


def newest(wanted: Mapping[str, int]) -> dict[str, list[int]]:
    """Return of each list so many articles, newest first, in one query for many lists."""
    found: dict[str, list[int]] = {of: [] for of in wanted}
    listed = list(wanted.items())
    for start in range(0, len(listed), UNITED):
        some = listed[start : start + UNITED]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([_NEWEST] * len(some)), list(chain(*some)))
            for _, article, of in sorted(cursor.fetchall(), reverse=True):
                found[of].append(article)
    return found


def between(of: str, since: datetime, until: datetime) -> list[int]:
    """Return what of a list was published from `since` until before `until`, newest first."""
    rows = ListEntry.objects.filter(list=of, published__gte=since, published__lt=until)
    return list(rows.order_by("-published", "-article").values_list("article", flat=True))


def put(of: str, article: int, published: datetime) -> set[int]:
    """Put an article into a list and return the pages that look different now, HEAD among them.

    An article that is there already keeps its page. One that is older than the newest goes
    where its elder neighbour is, whatever that makes of the page's length; a page that grows
    too long (somebody imported an archive) has its whole list cut anew.
    """
    return fill(of, {article: published})


def fill(of: str, entries: Mapping[int, datetime]) -> set[int]:
    """Put many articles into a list, as `put` does with each, and return the pages touched."""
    newest = ListEntry.objects.filter(list=of).order_by("published", "article").last()
    if newest is None:
        return {HEAD, *_append(of, _oldest_first(entries), None)} if entries else set()
    there = dict(_there(of, entries))
    wanted = {number: at for number, at in entries.items() if there.get(number) != at}
    if not wanted:
        return set()
    was = ends(of)
    moved = [number for number in wanted if number in there]
    for some in batches(moved, AT_ONCE):
        ListEntry.objects.filter(list=of, article__in=some).delete()
    if moved:
        newest = ListEntry.objects.filter(list=of).order_by("published", "article").last()
    ordered = _oldest_first(wanted)
    last = (newest.published, newest.article) if newest else None
    older = [entry for entry in ordered if last is not None and entry < last]
    grown = _slip_in(of, older)
    begun = _append(of, ordered[len(older) :], newest)
    if any(_length(of, page) > OVERFULL * room(of) for page in grown):
        return _cut_anew(of)
    return {HEAD, *grown, *begun, *_moved(was, ends(of))}


def remove(of: str, article: int) -> set[int]:
    """Take an article out of a list and return the pages that look different now."""
    row = ListEntry.objects.filter(list=of, article=article).first()
    if row is None:
        return set()
    was = ends(of)
    row.delete()
    return _touched(of, row.page, was)


def pages(of: str) -> set[int]:
    """Return all pages of a list with an address, HEAD among them. Costs as much as the list."""
    numbers = set(ListEntry.objects.filter(list=of).values_list("page", flat=True).distinct())
    return (numbers - set(ends(of).head)) | {HEAD}


def room(of: str) -> int:
    """Return how many articles a page of a list holds."""
    return SHARD if of.startswith(SEARCH) else PAGE


def _page_below(of: str, page: int | None) -> int | None:
    rows = ListEntry.objects.filter(list=of)
    if page is not None:
        rows = rows.filter(page__lt=page)
    return rows.order_by("-page").values_list("page", flat=True).first()


def _older_than(published: datetime, article: int) -> Q:
    # The first condition says nothing new: it is what a database can look up in its index.
    return Q(published__lte=published) & (Q(published__lt=published) | Q(article__lt=article))


def _there(of: str, numbers: Iterable[int]) -> Iterator[tuple[int, datetime]]:
    for some in batches(numbers, AT_ONCE):
        rows = ListEntry.objects.filter(list=of, article__in=some)
        yield from rows.values_list("article", "published")


def _append(of: str, entries: list[tuple[datetime, int]], newest: ListEntry | None) -> set[int]:
    """Put articles behind the newest, and begin a page whenever the last one is full."""
    page = newest.page if newest else 1
    length = _length(of, page) if newest else 0
    rows = []
    for at, number in entries:
        if length >= room(of):
            page, length = page + 1, 0
        rows.append((of, number, at, page))
        length += 1
    insert(ListEntry, ("list", "article", "published", "page"), rows)
    return {row[-1] for row in rows}


def _slip_in(of: str, entries: list[tuple[datetime, int]]) -> set[int]:
    """Put articles among older and newer ones, each onto the page of its elder neighbour."""
    if not entries:
        return set()
    oldest = ListEntry.objects.filter(list=of).order_by("published", "article").first()
    rows = []
    for at, number in entries:
        elder = ListEntry.objects.filter(list=of).filter(_older_than(at, number))
        page = elder.order_by("published", "article").values_list("page", flat=True).last()
        page = page or (oldest.page if oldest else 1)
        rows.append(ListEntry(list=of, article=number, published=at, page=page))
    ListEntry.objects.bulk_create(rows, batch_size=AT_ONCE)
    return {row.page for row in rows}


def _oldest_first(entries: Mapping[int, datetime]) -> list[tuple[datetime, int]]:
    return sorted((at, number) for number, at in entries.items())


def _length(of: str, page: int) -> int:
    return ListEntry.objects.filter(list=of, page=page).count()


def _touched(of: str, page: int, was: Ends) -> set[int]:
    around = () if _length(of, page) else neighbours(of, page)
    return {HEAD, page, *_moved(was, ends(of)), *(each for each in around if each)}


def _moved(was: Ends, now: Ends) -> set[int]:
    """Return the pages whose address, or a neighbour's address, differs between two ends."""
    if was == now:
        return set()
    return {page for page in (*was.head, was.older, *now.head, now.older) if page}


def _cut_anew(of: str) -> set[int]:
    rows = list(ListEntry.objects.filter(list=of).order_by("published", "article"))
    was = {row.page for row in rows}
    for place, row in enumerate(rows):
        row.page = place // room(of) + 1
    ListEntry.objects.bulk_update(rows, ["page"], batch_size=AT_ONCE)
    return was | {row.page for row in rows} | {HEAD}
