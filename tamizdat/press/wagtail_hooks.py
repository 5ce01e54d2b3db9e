"""What the press tells editors: which edition readers have, and what could not be printed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail import hooks

from tamizdat.press.admin_panel import EditionPanel
from tamizdat.press.models import Change

WAITS = (
    "It is saved, but readers do not see it yet: the edition could not be printed just now. "
    "It is tried again every minute; if this stays, tell whoever looks after the machine."
)


def edition_panel(_request: HttpRequest, panels: list[Any]) -> None:
    """Put the last edition on the first page of the desk."""
    panels.append(EditionPanel())


def tell_what_waits(request: HttpRequest, _page: Any) -> None:
    """Warn if something still waits to be printed after this was."""
    if Change.objects.filter(background=False).exists():
        messages.warning(request, WAITS)


hooks.register("construct_homepage_panels", edition_panel)
for _moment in ("after_publish_page", "after_unpublish_page", "after_delete_page"):
    hooks.register(_moment, tell_what_waits)
