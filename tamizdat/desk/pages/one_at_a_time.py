"""One act upon a page after the other: its row is held before anything of it is read.

The CMS reads a page whole, asks its rules, and saves it whole. What a colleague did in between was
undone or went out unread: a version saved while somebody took the page from readers was no longer
the newest, and what was saved in the instant of an approval was published.
"""

from collections.abc import Callable, Iterable
from functools import reduce, wraps
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail.models import Page

NUMBERS = ("page_id", "page_to_move_id")  # what a page's number is called in an address
CHANGES_NOTHING = frozenset({"preview_on_edit"})  # though it is sent a form, each second
TOGETHER = "wagtail_bulk_action"
BELOW: dict[str, dict[str, bool]] = {"publish": {"live": False}, "unpublish": {"live": True}}
View = Callable[..., HttpResponseBase]


def hold(rows: QuerySet[Page]) -> None:
    """Hold pages' rows until the transaction ends; on SQLite the transaction itself holds all.

    Deeper pages come first, as who deletes one holds it before the page above it is counted anew.
    """
    list(rows.select_for_update().order_by("-depth", "pk").values_list("pk"))


def connect(of_pages: Iterable[Any], of_the_admin: Iterable[Any]) -> None:
    """Let every address that changes pages wait for the others.

    Args:
        of_pages: The CMS's patterns of addresses that are about one page.
        of_the_admin: The patterns among which is that of its lists.
    """
    for pattern in of_pages:
        if pattern.name not in CHANGES_NOTHING and _number(pattern.pattern.converters):
            pattern.callback = _holding(pattern.callback, _named)
    for pattern in of_the_admin:
        if getattr(pattern, "name", None) == TOGETHER:
            pattern.callback = _holding(pattern.callback, _chosen)


def _number(of: Any) -> str:
    return next((name for name in NUMBERS if name in of), "")


def _holding(view: View, rows: Callable[..., Any]) -> View:
    @wraps(view)
    def _view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            hold(rows(request, **kwargs))
            return view(request, *args, **kwargs)

    return _view


def _named(_request: HttpRequest, **kwargs: Any) -> Any:
    return Page.objects.filter(pk=kwargs[_number(kwargs)])


def _chosen(request: HttpRequest, app_label: str, model_name: str, action: str) -> Any:
    """Return the pages that were chosen in a list, and those below them that are changed, too."""
    if (app_label, model_name) != ("wagtailcore", "page"):
        return Page.objects.none()
    chosen = _ticked(request)
    if action != "delete" and not request.POST.get("include_descendants"):
        return chosen
    above = chosen.filter(numchild__gt=0).values_list("path", flat=True)
    below = reduce(or_, (Q(path__startswith=path) for path in above), Q(pk__in=()))
    of_them = Page.objects.filter(below, **BELOW.get(action, {}))
    return Page.objects.filter(Q(pk__in=chosen.values("pk")) | Q(pk__in=of_them.values("pk")))


def _ticked(request: HttpRequest) -> Any:
    numbers, parent = request.GET.getlist("id"), request.GET.get("childOf")
    if "all" not in numbers:
        return Page.objects.filter(pk__in=numbers)
    if parent is None:
        return Page.objects.all()
    return get_object_or_404(Page, pk=parent).get_descendants()
