"""What editors put first in an article's "Read more"."""

from collections.abc import Iterable

from django.db.models import F

from tamizdat.desk.models import Pin


def pins(ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the articles pinned under each of these, in the editors' order. One query.

    Only articles of the same language, and never the article itself: a translation begins with a
    copy of what is pinned under its original. Whether they are published is not looked at.
    """
    rows = Pin.objects.filter(under__in=list(ids)).exclude(article=F("under"))
    same = rows.filter(article__locale=F("under__locale")).order_by("sort_order", "pk")
    found: dict[int, tuple[int, ...]] = {}
    for under, article in same.values_list("under", "article"):
        found[under] = (*found.get(under, ()), article)
    return found
