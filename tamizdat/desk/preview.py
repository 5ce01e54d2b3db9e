"""The very page that readers will get, before they get it.

The desk cannot draw pages; the press can, and registers itself here when it starts.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

if TYPE_CHECKING:  # the values' package reads the models, which import this module
    from tamizdat.desk.published.values import Article, Front, Plain

Renderer = Callable[["Article | Plain | Front"], str]

_renderers: list[Renderer] = []


def register(renderer: Renderer) -> None:
    """Let this renderer draw previews, in place of an earlier one."""
    _renderers[:] = [renderer]


def answer(page: Any) -> HttpResponse:
    """Return the page as it would be printed now, drafts and all."""
    from tamizdat.desk.published import drafts

    if not _renderers:
        return HttpResponse("No press is installed, so there is no preview.", status=501)
    answer = HttpResponse(_renderers[0](drafts.value(page)))
    answer["Cache-Control"] = "no-store"
    return answer
