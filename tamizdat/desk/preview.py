"""The very page that readers will get, before they get it.

The desk cannot draw pages; the press can, and registers itself here when it starts.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.html import escape

# Returns the page as it would be printed now, drafts and all, and its path in the edition.
Renderer = Callable[[Any], tuple[str, str]]

_renderers: list[Renderer] = []


def register(renderer: Renderer) -> None:
    """Let this renderer draw previews, in place of an earlier one."""
    _renderers[:] = [renderer]


def answer(page: Any) -> HttpResponse:
    """Return the page as it would be printed now, drafts and all."""
    if not _renderers:
        return HttpResponse("No press is installed, so there is no preview.", status=501)
    html, path = _renderers[0](page)
    answer = HttpResponse(_based(html, path))
    answer["Cache-Control"] = "no-store"
    return answer


def _based(html: str, path: str) -> str:
    """Let the page's relative links lead to `preview_file`, as if it stood in the edition.

    The base stands before the page's own policy, which allows none, and is read first.
    """
    return html.replace("<head>", f'<head><base href="{escape("/preview/" + path)}">', 1)
