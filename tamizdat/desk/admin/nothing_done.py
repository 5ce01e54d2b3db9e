"""What was chosen from a list, none of which may be changed so: the CMS counted 0, as a success."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from tamizdat.desk.admin import pictures_in_use
from tamizdat.desk.models import Picture
from tamizdat.desk.refusing import refuse_if

NOTHING = "Nothing was done: with {these} you may not do that."


def in_bulk(
    request: HttpRequest, _action: str, changed: Iterable[Any], view: Any
) -> HttpResponse | None:
    """Say that nothing was done, and why where we know it; None if something may be done.

    A picture that readers see is named although others of the choice may be changed.
    """
    left = view.get_actionable_objects()[1].get("items_with_no_access", [])
    pictures = [each for each in left if isinstance(each, Picture)]
    reasons = [pictures_in_use.why_refused(request.user, picture) for picture in pictures]
    if left and not any(reasons) and not list(changed):
        reasons = [NOTHING.format(these=", ".join(f"“{_title(each)}”" for each in left))]
    return refuse_if(request, reasons, *(["wagtailimages:index"] if pictures else []))


def _title(one: Any) -> str:
    return one.get_admin_display_title() if isinstance(one, Page) else str(one)
