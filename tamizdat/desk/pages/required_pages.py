"""Pages that stay published where they are, because others need them: rooms say which and why.

The desk knows no readers. A room that sends them to a plain page registers its reason here.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from tamizdat.desk.refusing import refuse_if

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


def refuse_to_take_away(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete or unpublish a page that is required; None if it may be done."""
    return refuse_if(request, _reasons_of([page]))


def in_bulk(
    request: HttpRequest, action: str, changed: Iterable[Any], _view: Any
) -> HttpResponse | None:
    """Refuse the same of several things together; None if it may be done."""
    return refuse_if(request, _reasons_of(changed)) if action in AWAY else None


def _reasons_of(changed: Iterable[Any]) -> list[str]:
    specific = (page.specific for page in changed if isinstance(page, Page))
    return [page.why_required() for page in specific if hasattr(page, "why_required")]
