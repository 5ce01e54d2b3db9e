"""Somebody's lock holds on every way to publish or delete a page, not only in its form.

The CMS asks for the lock where one page is edited. Approval, bulk publishing, every deletion and
what waits for its time ignore it. “Take down at” does, too, and is left to: what was to be gone by
then may endanger somebody.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page, PageLogEntry, Revision

from tamizdat.desk.refusing import refuse, who


def require_none(page: Page, user: User | None) -> None:
    """Let nobody publish or take away what somebody else has locked.

    Raises:
        ValidationError: it says who has, and what to do.
    """
    if user is not None and (why := why_locked(page, user)):
        raise ValidationError(why)


def why_locked(page: Page, user: Any) -> str:
    """Return in a sentence who else has locked a page, and what to do; "" if nobody has."""
    if not page.locked or page.locked_by_id == user.pk:
        return ""
    holder = who(page.locked_by) if page.locked_by else "a colleague"
    return (
        f"“{page.get_admin_display_title()}” is locked by {holder}, so nothing of it was "
        "published or taken away. Ask them, or unlock it on its page first."
    )


class HeldByALockError(ValidationError):
    """A page's time has come, and a lock holds it. It names nobody: alerts are logged."""

    def __init__(self) -> None:
        super().__init__("A colleague has locked it.")


def require_none_at_its_time(version: Revision) -> None:
    """Hold back a version that waited for its time, where somebody has locked the page since.

    The lock of who scheduled it holds only others.

    Raises:
        HeldByALockError: somebody else has locked it.
    """
    if is_held(version):
        raise HeldByALockError


def is_held(version: Revision) -> bool:
    """Say whether somebody's lock holds back a version at its time."""
    page = Page.objects.filter(pk=version.object_id, locked=True).first()
    if page is None:
        return False
    acts = PageLogEntry.objects.filter(revision=version, action="wagtail.publish.schedule")
    act = acts.order_by("-timestamp", "-pk").first()
    by_whom = act.user_id if act else None
    return page.locked_by_id is None or page.locked_by_id != by_whom


def in_bulk(request: HttpRequest, action: str, changed: Iterable[Any], view: Any) -> Any:
    """Refuse to publish or delete together what may not be so alone; None if all of it may."""
    pages = [each for each in changed if isinstance(each, Page)]
    if action == "delete":
        return _refuse(request, locked_below(pages, request.user))  # type: ignore[arg-type]  # it has signed in
    if action != "publish":
        return None
    locked = [page for page in pages if page.permissions_for_user(request.user).page_locked()]
    if view.cleaned_form.cleaned_data.get("include_descendants"):
        locked += locked_below(pages, request.user)  # type: ignore[arg-type]  # it has signed in
    return _refuse(request, locked)


def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a page that somebody else locked, or what stands above one."""
    return _refuse(request, locked_below([page], request.user))  # type: ignore[arg-type]  # it has signed in


def locked_below(pages: Iterable[Page], user: User) -> list[Page]:
    """Return those of these pages, and of all below them, that somebody else has locked."""
    found: list[Page] = []
    for page in pages:
        below: QuerySet[Page] = page.get_descendants(inclusive=True)
        found += below.filter(locked=True).exclude(Q(locked_by=user))
    return found


def _refuse(request: HttpRequest, locked: Iterable[Page]) -> HttpResponse | None:
    titles = ", ".join(f"“{page.get_admin_display_title()}”" for page in locked)
    if not titles:
        return None
    return refuse(request, f"Nothing was done: {titles} is locked, or held for its time.")
