"""What is an editor's to delete: what readers have, had or are about to get, and colleagues' words.

To the CMS a page that readers have not got now is its author's. So a reporter could delete what an
editor had approved for its time, was just reading, or had taken from readers for a while.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from wagtail.models import Page, Revision, TaskState

from tamizdat.desk.refusing import refuse, refuse_if

PAGES = frozenset({"delete", "move", "move_confirm"})
ACTIONS = frozenset({"delete", "move"})
SENT = (
    TaskState.STATUS_IN_PROGRESS,
    TaskState.STATUS_APPROVED,
    TaskState.STATUS_REJECTED,  # perhaps with a comment
)
EDITORS_ONLY = (
    "“{title}” was sent to the desk, readers have it or had it, it waits for its time, or a "
    "colleague wrote in it. So only an editor deletes or moves it. Ask one."
)
View = Callable[..., HttpResponseBase]


def of_editors(pages: QuerySet[Page], user: Any) -> QuerySet[Page]:
    """Return those of these pages that nobody deletes who may not publish."""
    number = Cast(OuterRef("pk"), CharField())
    versions = Revision.page_revisions.filter(object_id=number)
    others = versions.exclude(user=user)  # of a deleted account, too: it leaves no name
    sent = TaskState.objects.filter(
        workflow_state__base_content_type__model="page", workflow_state__object_id=number
    )
    return pages.filter(
        Q(live=True)
        | Q(first_published_at__isnull=False)
        | Exists(versions.exclude(approved_go_live_at=None))
        | Exists(others)
        | Exists(sent.filter(status__in=SENT))
    )


def why_kept(page: Page, user: Any) -> str:
    """Return why somebody may not delete a page that is theirs; "" if that is not the reason."""
    rights = page.permissions_for_user(user)
    if not user.is_active or user.is_superuser or "publish" in rights.permissions:
        return ""
    below = page.get_descendants(inclusive=True)
    kept = of_editors(below.filter(owner=user), user).first() if page.owner_id == user.pk else None
    return EDITORS_ONLY.format(title=kept.get_admin_display_title()) if kept else ""


def in_bulk(
    request: HttpRequest, action: str, changed: Iterable[Any], view: Any
) -> HttpResponse | None:
    """Refuse to delete or move together what is an editor's; None if none of it is."""
    if action not in ACTIONS:
        return None
    left = view.get_actionable_objects()[1].get("items_with_no_access", [])
    pages = [each for each in (*changed, *left) if isinstance(each, Page)]
    return refuse_if(request, dict.fromkeys(why_kept(page, request.user) for page in pages))


def saying_why(view: View) -> View:
    """Say why a page stays; the CMS only says that something is not permitted."""

    @wraps(view)
    def _view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        number = kwargs.get("page_id") or kwargs.get("page_to_move_id") or (args and args[0])
        page = Page.objects.filter(pk=number, depth__gt=1).first() if number else None
        if page and request.user.is_authenticated and (why := why_kept(page, request.user)):
            return refuse(request, why, "wagtailadmin_pages:edit", page.pk)
        return view(request, *args, **kwargs)

    return _view
