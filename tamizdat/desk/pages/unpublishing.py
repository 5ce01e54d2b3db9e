"""Pages that are taken from readers: what waits for its time goes with them, and a lock is named.

The CMS took a change that waits for a lock, and said of either only that something is not
permitted. Of pages chosen together it counted nothing, and called it done.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction
from wagtail.admin.views.pages.unpublish import Unpublish
from wagtail.models import Page, PageLogEntry

from tamizdat.desk.pages import locks
from tamizdat.desk.refusing import refuse, refuse_if, who

CALLED_OFF = (
    "The change of “{title}” that waited for its time was called off, too. It stays as a draft."
)
BY_ITSELF = "“Take down at”"


class UnpublishPage(Unpublish):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say whose lock it is, where that alone holds the page."""
        if self.object.live and (why := _why(self.object, request.user)):
            return refuse(request, why, "wagtailadmin_pages:edit", self.object.pk)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class UnpublishTogether(UnpublishBulkAction):
    def check_perm(self, page: Page) -> bool:
        """Ask the page itself: our rule about what waits is not the CMS's."""
        return bool(super().check_perm(page.specific_deferred))


def tell_what_is_called_off(request: HttpRequest, page: Page) -> None:
    """Say that a change which waits does not come out either."""
    if page.scheduled_revision:
        messages.info(request, CALLED_OFF.format(title=page.get_admin_display_title()))


def in_bulk(
    request: HttpRequest, action: str, changed: Iterable[Any], view: Any
) -> HttpResponse | None:
    """Refuse to take pages away together past a colleague's lock; None if none is locked."""
    if action != "unpublish":
        return None
    pages = [each for each in changed if isinstance(each, Page)]
    asked = [*pages, *view.get_actionable_objects()[1]["items_with_no_access"]]
    reasons = {_why(page, request.user): None for page in asked if page.live}
    if refused := refuse_if(request, reasons):
        return refused
    for page in pages:
        tell_what_is_called_off(request, page)
    return None


def last_taken(page: Page) -> PageLogEntry | None:
    """Return the act by which a page was last taken from readers."""
    return last_act(page, "wagtail.unpublish")


def last_act(page: Page, kind: str) -> PageLogEntry | None:
    """Return the last act upon a page whose name begins so."""
    acts = PageLogEntry.objects.filter(page=page.pk, action__startswith=kind)
    return acts.select_related("user").order_by("-timestamp", "-pk").first()


def taker(act: PageLogEntry | None) -> str:
    """Return who took a page from readers, or what did."""
    if act and act.action == "wagtail.unpublish.scheduled":
        return BY_ITSELF
    return who(act and act.user)


def _why(page: Page, user: Any) -> str:
    """Return whose lock it is, to somebody who may publish; whoever may not is told only that."""
    may = user.is_superuser or "publish" in page.permissions_for_user(user).permissions
    return locks.why_locked(page, user) if may else ""
