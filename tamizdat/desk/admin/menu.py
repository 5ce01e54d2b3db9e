"""Where an editor is: which list of the menu the open page belongs to."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

LISTS = {"articlepage": "articles", "frontpage": "fronts", "plainpage": "plains"}


def here(request: HttpRequest) -> list[MenuItem]:
    """Return an item that marks the list of the page that is open, or nothing.

    The menu marks the item whose address the present one begins with, and every item above it by
    name. A page's address begins with that of the page tree, so "All pages" would be marked.
    This item is the page's own address under its list, and is itself not shown.
    """
    name = LISTS.get(_kind(request))
    if name is None:
        return []
    return [MenuItem("", request.path, name=f"{name}.open", classname="desk-here")]


def _kind(request: HttpRequest) -> str:
    """Return what kind of page is open: "articlepage"; "" for anything else."""
    match = request.resolver_match
    if match is None or match.namespace != "wagtailadmin_pages":
        return ""
    said: dict[str, Any] = match.kwargs
    if kind := said.get("content_type_model_name"):
        return str(kind)
    number = said.get("page_id", 0)
    kinds = Page.objects.filter(pk=number).values_list("content_type__model", flat=True)
    return kinds.first() or ""
