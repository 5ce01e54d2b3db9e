"""Pages that stay published where they are, because others need them: rooms say which and why.

The desk knows no readers. A room that sends them to a plain page registers its reason here.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.models import Page

Reason = Callable[[str, str], str]  # of a page's language and slug; "" if it may go

AWAY = frozenset({"delete", "unpublish"})

_reasons: list[Reason] = []


def register(reason: Reason) -> None:
    """Ask this room, too, before a published plain page is taken away or gets another slug."""
    if reason not in _reasons:
        _reasons.append(reason)


def why(language: str, slug: str) -> str:
    """Return in a sentence why the plain page at this slug stays; "" if it may go."""
    return next((said for reason in _reasons if (said := reason(language, slug))), "")


def refuse(request: HttpRequest, pages: Iterable[Any]) -> HttpResponse | None:
    """Say why these pages are not taken away; None if all of them may be."""
    specific = (page.specific for page in pages if isinstance(page, Page))
    found = [page.why_required() for page in specific if hasattr(page, "why_required")]
    for sentence in filter(None, found):
        messages.error(request, sentence)
    return redirect("wagtailadmin_home") if any(found) else None


def in_bulk(request: HttpRequest, action: str, changed: Iterable[Any]) -> HttpResponse | None:
    return refuse(request, changed) if action in AWAY else None
