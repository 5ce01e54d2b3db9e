"""What desk, counter and till answer while their database does not serve them."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.lib.database_trouble import is_of_an_index, trouble
from tamizdat.lib.theme import theme
from tamizdat.site.databases import database_watch
from tamizdat.site.unavailable import away_pages, wished

RETRY_S = "10"

Answer = Callable[[HttpRequest], HttpResponse]


class UntilReady:
    """Says that the role is away until its database answers and has the tables that it needs.

    Nobody who asks then takes one of the few threads to wait for it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._alias = "default" if settings.ROLE == "desk" else settings.ROLE

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if database_watch.is_ready(self._alias):
            return self.get_response(request)
        return away(request)


def away(request: HttpRequest) -> HttpResponse:
    """Say that the role does not answer now; not whether anything was done, which nobody knows."""
    language = wished(request.path, request.headers.get("Accept-Language", ""))
    answer = HttpResponse(away_pages(theme())[language], status=503)
    answer["Content-Language"] = language
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Retry-After"] = RETRY_S
    return answer


def or_broken(broken: Answer, in_doubt: Answer = away) -> Answer:
    """Make a role's answer to an error: `broken`, or `away` where it is the database's fault.

    `in_doubt` answers a form then, of which nobody knows what became.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not _is_the_databases(sys.exc_info()[1]):
            return broken(request)
        said = away(request) if request.method in ("GET", "HEAD") else in_doubt(request)
        said.status_code = 503
        return said

    return answer


def _is_the_databases(error: BaseException | None) -> bool:
    """Say whether trouble with a database stands behind an error that a view ended with.

    A damaged index of the search is such trouble, too: it is made anew within a minute.
    """
    while error is not None:
        if trouble(error) or is_of_an_index(error):
            return True
        error = error.__cause__ or error.__context__
    return False
