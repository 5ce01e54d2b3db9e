"""A change that waits for its time on a page whose time ends before: it does not come out.

“Take down at” of what readers have takes the page away, and calls the change off, since nobody said
that the page may come back. Whoever sets the change is told, and the first screen says it as long
as the change waits. What was called off is an alert until somebody decides (`tasks.py`).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.utils.timestamps import ensure_utc

from tamizdat.desk.forms.moments import when
from tamizdat.lib import clock

CALLED_OFF = "wagtail.schedule.cancel"
FIRST = (
    "“{title}” is taken from readers first ({end}), as what they have now says under “Take down "
    "at”. The change that waits ({start}) is called off then. To have both, cancel the change, "
    "publish the page with another “Take down at” or none, and set the change again."
)


def end_before(version: Revision) -> datetime | None:
    """Return when a page is taken from readers before a version of it comes out; None if not."""
    pages = Page.objects.filter(pk=version.object_id, live=True)
    ends = pages.filter(expire_at__lte=version.approved_go_live_at)
    end: datetime | None = ends.values_list("expire_at", flat=True).first()
    return end


def due_before_the_end(due: Iterable[Revision], at: datetime) -> Iterator[Revision]:
    """Yield those of the versions that are due which come out before what readers have ends."""
    ended = Page.objects.filter(live=True, expire_at__lte=at)
    ends = {str(number): end for number, end in ended.values_list("pk", "expire_at")}
    for version in due if ends else ():
        end = ends.get(version.object_id)
        if end and version.approved_go_live_at < end:
            yield version


def tell(request: HttpRequest, page: Page) -> None:
    """Say to who has set a change that the page goes before it."""
    version = page.scheduled_revision
    if version and (end := end_before(version)):
        now, title = clock.now(), page.get_admin_display_title()
        start = when(version.approved_go_live_at, now)
        messages.warning(request, FIRST.format(title=title, end=when(end, now), start=start))


def tell_of_all(request: HttpRequest, action: str, changed: Iterable[Any], _view: Any) -> None:
    """Say the same of pages that were published together."""
    for page in changed if action == "publish" else ():
        if isinstance(page, Page):
            tell(request, page)


def note_what_is_called_off(page: Page) -> None:
    """Note in the page's history that the change which waits is called off by the page's end."""
    version = page.scheduled_revision
    if version is None:
        return
    said = {
        "id": version.pk,
        "created": ensure_utc(version.created_at),
        "go_live_at": ensure_utc(version.approved_go_live_at),
        "has_live_version": True,
    }
    log(instance=page, action=CALLED_OFF, revision=version, data={"revision": said})


def called_off() -> Iterator[int]:
    """Yield the pages whose change was called off so, and about which nobody has decided yet."""
    acts = PageLogEntry.objects.filter(action=CALLED_OFF, user=None, page__expired=True)
    still = acts.filter(page__live=False, revision=F("page__latest_revision"))
    yield from still.filter(revision__approved_go_live_at=None).values_list("page", flat=True)
