"""What somebody typed whose session ended meanwhile: it is shown once, so that they can copy it.

A session ends after its time, after a new password, or after five wrong guesses. The form that was
open then is sent to the sign-in page, and the words in it would be nowhere: pages of the desk are
never stored, so going back brings an empty form.
"""

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.csrf import csrf_failure as usual_csrf_failure

SIGN_IN = ("account_login", "wagtailadmin_login")
#: Parts of names of fields that hold secrets or choices, and no prose.
NOT_PROSE = ("password", "passphrase", "csrf", "token", "code", "credential", "address", "next")
SHORTEST = 20  # characters of a word by itself: shorter ones are choices, dates and numbers
LONGEST = 200_000  # characters that are shown
UNAUTHORISED, REDIRECT, FORBIDDEN = 401, 302, 403


class ShowWhatWasTyped:
    """Answer a form whose session ended with what was typed into it, if that is prose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == REDIRECT and not request.user.is_authenticated:
            place = urlsplit(response.headers.get("Location", "")).path
            if place in {reverse(name) for name in SIGN_IN} and _is_our_form(request):
                return _shown(request, UNAUTHORISED) or response
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was open while somebody signed in or out; Django names it in a setting."""
    shown = _shown(request, FORBIDDEN) if _is_our_form(request) else None
    return shown or usual_csrf_failure(request, reason)


def typed(sent: QueryDict) -> Iterator[str]:
    """Yield the prose in a form, field by field, as plain text."""
    left = LONGEST
    for name, values in sent.lists():
        if any(part in name.lower() for part in NOT_PROSE):
            continue
        for value in values:
            text = _plain(value).strip()[:left]
            if len(text) >= SHORTEST or len(text.split()) > 1:
                left -= len(text)
                yield text


def _plain(value: str) -> str:
    """Return a field's text; of rich text, which a form sends as JSON, the text of its blocks."""
    try:
        blocks = json.loads(value)["blocks"]
        return "\n\n".join(block["text"] for block in blocks)
    except (ValueError, KeyError, TypeError, RecursionError):
        return value


def _is_our_form(request: HttpRequest) -> bool:
    """Say whether a page of ours sent this, whole: no other may have us show its words."""
    if request.method != "POST" or request.headers.get("X-Requested-With"):
        return False
    own = f"{request.scheme}://{request.get_host()}"
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return said == own or said.startswith(f"{own}/")


def _shown(request: HttpRequest, status: int) -> HttpResponse | None:
    texts = list(typed(request.POST))
    if not texts:
        return None
    page = render(request, "desk/ended_session.html", {"texts": texts}, status=status)
    add_never_cache_headers(page)
    return page
