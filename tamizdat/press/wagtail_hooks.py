"""Tell editors when what they published could not be printed at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail import hooks

from tamizdat.press.models import Change

WAITS = (
    "It is saved, but readers do not see it yet: the edition could not be printed just now. "
    "It is tried again every minute; if this stays, tell whoever looks after the machine."
)


def tell_what_waits(request: HttpRequest, _page: Any) -> None:
    """Warn if something still waits to be printed after this was."""
    if Change.objects.exists():
        messages.warning(request, WAITS)


for _moment in ("after_publish_page", "after_unpublish_page", "after_delete_page"):
    hooks.register(_moment, tell_what_waits)
