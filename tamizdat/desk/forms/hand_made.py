"""What no page of the desk sends: answered as a mistake of whoever sent it, never as one of ours.

A program, an old tab or an attacker may leave a field out, or name the root of all pages. The CMS
reads such fields without asking whether they are there.
"""

import logging
from collections.abc import Callable
from traceback import walk_tb
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDictKeyError
from django.views.defaults import bad_request
from draftjs_exporter.error import ExporterException
from wagtail.admin.views.generic.chooser import CreateViewMixin
from wagtail.models import Page

from tamizdat.lib.failures import where

UNREADABLE = (
    ValueError, LookupError, TypeError, AttributeError, RecursionError, ExporterException,
)  # fmt: skip
READS_A_FORM = "value_from_datadict"  # the name that widgets and blocks have for it
NEEDED = {"wagtailadmin_choose_page_external_link": "external-link-chooser-url"}
# What the root of all pages, which is none, has no use for.
OF_A_PAGE = frozenset({"lock", "unlock", "move", "move_confirm", "set_page_position"})
PAGES = "wagtailadmin_pages:"
NUMBERS = ("page_id", "page_to_move_id")

log = logging.getLogger(__name__)


class HandMade:
    """Answer a form that lacks what the desk's own pages send with 400, not as our failure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, kwargs: Any) -> None:
        """Refuse what the CMS would break on before it looks.

        Raises:
            Http404: there is no such form.
            BadRequest: a field is missing.
        """
        if not request.user.is_authenticated:
            return  # whoever has not signed in is led to that, whatever they ask for
        name = (request.resolver_match and request.resolver_match.view_name) or ""
        if _is_about_the_root(name, kwargs) or _creates_nothing(view):
            raise Http404
        if request.method == "POST" and name in NEEDED and NEEDED[name] not in request.POST:
            raise BadRequest

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.method != "POST" or not _is_in_what_was_sent(error):
            return None
        log.warning("a form was sent that the desk has not: %s", where(error))
        return bad_request(request, error)


def _is_in_what_was_sent(error: Exception) -> bool:
    """Say whether a field is missing that was read, or holds what no field of the form can."""
    if isinstance(error, MultiValueDictKeyError):
        return True
    names = {frame.f_code.co_name for frame, _line in walk_tb(error.__traceback__)}
    return isinstance(error, UNREADABLE) and READS_A_FORM in names


def _is_about_the_root(name: str, kwargs: Any) -> bool:
    if name.removeprefix(PAGES) not in OF_A_PAGE or not name.startswith(PAGES):
        return False
    asked = {kwargs[number] for number in NUMBERS if number in kwargs}
    return bool(asked.intersection(Page.objects.filter(depth=1).values_list("pk", flat=True)))


def _creates_nothing(view: Any) -> bool:
    """Say whether this is the address to create something in a chooser that offers no form."""
    kind = getattr(view, "view_class", None)
    if not (isinstance(kind, type) and issubclass(kind, CreateViewMixin)):
        return False
    return kind(**view.view_initkwargs).get_creation_form_class() is None
