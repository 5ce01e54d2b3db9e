"""How the counter answers: a page of the theme that leaves nothing behind."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse

from tamizdat.lib.theme import theme
from tamizdat.readers.counter.published import NothingPublishedError
from tamizdat.readers.keys import KeysError

log = logging.getLogger(__name__)


def page(template: str, language: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Return a page of the theme, with headers that keep it out of caches, frames and referrers.

    No cookie is ever set: there is no session to remember and no form of ours to protect, since
    a forged sign-up ends in a letter that asks, and everything else needs a secret token.
    """
    answer = HttpResponse(theme().render(template, language, **context), status=status)
    return shut(answer, language)


def wished(request: HttpRequest) -> str:
    """Return the first of our languages that a browser asks for, where an address names none.

    The header is read and not kept.
    """
    newsroom = theme().newsroom
    asked = request.headers.get("Accept-Language", "").lower().split(",")
    codes = (each.partition(";")[0].strip().partition("-")[0] for each in asked)
    return next((code for code in codes if code in newsroom.languages), newsroom.language)


def or_away(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view answer 503 while the counter's database or the desk's public keys are missing.

    Nothing was kept then, and the page says so. The log gets the error's name and no more.
    """

    @wraps(view)
    def answer(request: HttpRequest, language: str, **more: str) -> HttpResponse:
        try:
            return view(request, language, **more)
        except (Error, KeysError, NothingPublishedError) as error:
            log.warning("%s is answered with 503: %s", view.__name__, type(error).__name__)
            sorry = page("counter/broken.html", language, status=503)
            sorry["Retry-After"] = "60"
            return sorry

    return answer


def shut(answer: HttpResponse, language: str) -> HttpResponse:
    """Add the headers to an answer that was made elsewhere."""
    policy = theme().policy(language=language)
    answer["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Opener-Policy"] = "same-origin"
    answer["Content-Language"] = language
    answer["X-Robots-Tag"] = "noindex"
    return answer
