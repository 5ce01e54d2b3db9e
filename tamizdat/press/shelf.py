"""Lists of articles, cut into pages that never shift.

A list's newest two pages stand together at its own address ("en/section/courts.html"), so that
it is never nearly empty; each older page has an address with its number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tamizdat.press.models import Shelf

PAGE = 30  # articles
OVERFULL = 3 * PAGE
HEAD = 0  # stands for the page at the list's own address


@dataclass(frozen=True, slots=True)
class Ends:
    """A list's newest pages: `head` stand at its own address, `older` is the next, or None."""

    head: tuple[int, ...]
    older: int | None


def ends(of: str) -> Ends:
    """Return the newest pages of a list; no page at all if it is empty."""
    top = _page_below(of, None)
    second = _page_below(of, top) if top else None
    older = _page_below(of, second) if second else None
    return Ends(tuple(page for page in (top, second) if page), older)


def neighbours(of: str, page: int) -> tuple[int | None, int | None]:
    """Return the page before (older) and after (newer) one, None at the list's ends."""
    above = Shelf.objects.filter(list=of, page__gt=page).order_by("page")
    return _page_below(of, page), above.values_list("page", flat=True).first()


def articles(of: str, pages: Iterable[int]) -> list[int]:
    """Return the articles on these pages of a list, newest first."""
    rows = Shelf.objects.filter(list=of, page__in=pages)
    return list(rows.order_by("-published", "-article").values_list("article", flat=True))


def before(of: str, published: datetime, article: int, count: int) -> list[int]:
    """Return the articles that came just before one in a list, newest first."""
    rows = Shelf.objects.filter(list=of).filter(_older_than(published, article))
    newest = rows.order_by("-published", "-article").values_list("article", flat=True)
    return list(newest[:count])


def after(of: str, published: datetime, article: int, count: int) -> list[int]:
    """Return the articles that came just after one in a list, oldest first."""
    rows = Shelf.objects.filter(list=of).exclude(_older_than(published, article))
    oldest = rows.exclude(article=article).order_by("published", "article")
    return list(oldest.values_list("article", flat=True)[:count])


def put(of: str, article: int, published: datetime) -> set[int]:
    """Put an article into a list and return the pages that look different now, HEAD among them.

    An article that is there already keeps its page. One that is older than the newest goes
    where its elder neighbour is, whatever that makes of the page's length; a page that grows
    too long (somebody imported an archive) has its whole list cut anew.
    """
    if Shelf.objects.filter(list=of, article=article, published=published).exists():
        return set()
    was = ends(of)
    Shelf.objects.filter(list=of, article=article).delete()
    page = _page_for(of, article, published)
    Shelf.objects.create(list=of, article=article, published=published, page=page)
    if Shelf.objects.filter(list=of, page=page).count() > OVERFULL:
        return _cut_anew(of)
    return _touched(of, page, was)


def take(of: str, article: int) -> set[int]:
    """Take an article out of a list and return the pages that look different now."""
    row = Shelf.objects.filter(list=of, article=article).first()
    if row is None:
        return set()
    was = ends(of)
    row.delete()
    return _touched(of, row.page, was)


def pages(of: str) -> set[int]:
    """Return all pages of a list with an address, HEAD among them. Costs as much as the list."""
    numbers = set(Shelf.objects.filter(list=of).values_list("page", flat=True).distinct())
    return (numbers - set(ends(of).head)) | {HEAD}


def _page_below(of: str, page: int | None) -> int | None:
    rows = Shelf.objects.filter(list=of)
    if page is not None:
        rows = rows.filter(page__lt=page)
    return rows.order_by("-page").values_list("page", flat=True).first()


def _older_than(published: datetime, article: int) -> Q:
    return Q(published__lt=published) | Q(published=published, article__lt=article)


def _page_for(of: str, article: int, published: datetime) -> int:
    rows = Shelf.objects.filter(list=of).order_by("published", "article")
    newest = rows.last()
    if newest is None:
        return 1
    if (newest.published, newest.article) < (published, article):
        full = rows.filter(page=newest.page).count() >= PAGE
        return newest.page + 1 if full else newest.page
    elder = rows.filter(_older_than(published, article)).last() or rows.first()
    return elder.page if elder else 1


def _touched(of: str, page: int, was: Ends) -> set[int]:
    now = ends(of)
    moved = {*was.head, was.older, *now.head, now.older} if was != now else set()
    around = () if Shelf.objects.filter(list=of, page=page).exists() else neighbours(of, page)
    return {HEAD, page, *around, *moved} - {None}


def _cut_anew(of: str) -> set[int]:
    rows = list(Shelf.objects.filter(list=of).order_by("published", "article"))
    was = {row.page for row in rows}
    for place, row in enumerate(rows):
        row.page = place // PAGE + 1
    Shelf.objects.bulk_update(rows, ["page"], batch_size=500)
    return was | {row.page for row in rows} | {HEAD}
