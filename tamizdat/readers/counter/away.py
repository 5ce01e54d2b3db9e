"""What the counter answers while it cannot keep anything."""

import logging
from collections.abc import Callable
from functools import wraps

from django.db import Error
from django.http import HttpRequest, HttpResponse

from tamizdat.readers.counter.answers import page
from tamizdat.readers.counter.published import NothingPublishedError
from tamizdat.readers.counter.submissions import InDoubtError
from tamizdat.readers.keys import KeysError

log = logging.getLogger(__name__)


def or_away(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view answer 503 while the counter's database or the desk's public keys are missing.

    Nothing was kept then, and the page says so, unless nobody knows. The log gets the error's
    name and no more.
    """

    @wraps(view)
    def answer(request: HttpRequest, language: str, **more: str) -> HttpResponse:
        try:
            return view(request, language, **more)
        except InDoubtError as error:
            return _sorry(view, error, "counter/in_doubt.html", language)
        except (Error, KeysError, NothingPublishedError) as error:
            return _sorry(view, error, "counter/broken.html", language)

    return answer


def _sorry(
    view: Callable[..., HttpResponse], error: Exception, template: str, language: str
) -> HttpResponse:
    log.warning("%s is answered with 503: %s", view.__name__, type(error).__name__)
    sorry = page(template, language, status=503)
    sorry["Retry-After"] = "60"
    return sorry
