"""Pictures that readers see or an editor decides on: reporters neither change nor delete them.

To the CMS a picture stays the property of who uploaded it. So a reporter could replace its file or
its credit under a published article, or while an editor was deciding on it, or take it away. What
was sent back is the reporter's to mend, and so are its pictures.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from wagtail.images import permissions
from wagtail.images.admin_urls import urlpatterns
from wagtail.models import Page, ReferenceIndex, Revision, WorkflowState
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.utils.urlpatterns import decorate_urlpatterns

from tamizdat.desk.models import Picture
from tamizdat.desk.pages import versions
from tamizdat.desk.published.traces import holding
from tamizdat.desk.refusing import refuse

CHANGING = frozenset({"change", "delete"})
PAGES = frozenset({"edit", "edit_multiple", "delete", "delete_multiple", "image_usage"})
IN_USE = (
    "“{title}” is on a page that readers have, had or are about to get, that waits for approval, "
    "or that a colleague wrote. So only an editor changes or deletes it. Ask one, or upload "
    "another picture."
)
View = Callable[..., HttpResponseBase]


class OwnPictures(CollectionOwnershipPermissionPolicy):
    """The CMS's rule, by which a picture is its uploader's, until readers see it."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """Say whether somebody may do one of these things with a picture."""
        allowed: bool = super().user_has_any_permission_for_instance(user, actions, instance)
        asked = CHANGING.intersection(actions)
        if not allowed or not asked or self._changes_all(user, instance):
            return allowed
        others = set(actions) - CHANGING
        if others and super().user_has_any_permission_for_instance(user, others, instance):
            return True
        return not is_in_use(instance, user)

    def _changes_all(self, user: Any, instance: Any) -> bool:
        """Say whether somebody may change all pictures, also those of others."""
        changes: bool = self._check_perm(user, ["change"], collection=instance.collection)
        return changes


def is_in_use(picture: Picture, user: Any) -> bool:
    """Say whether a page has this picture that is not, or not only, its photographer's by now."""
    return _is_on_a_page_of_readers(picture) or _is_in_a_version_of_others(picture, user)


def connect() -> None:
    """Put our rule in the place of the CMS's, which all of its pages hold already."""
    permissions.permission_policy.__class__ = OwnPictures
    decorate_urlpatterns(urlpatterns, _saying_why)


def _saying_why(view: View) -> View:
    """Say why a picture stays as it is; the CMS only says that something is not permitted."""

    @wraps(view)
    def _view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        picture = None
        if match and match.url_name in PAGES and isinstance(request.user, User):
            picture = Picture.objects.filter(pk=kwargs.get("image_id")).first()
        why = why_refused(request.user, picture) if picture else ""
        if not why:
            return view(request, *args, **kwargs)
        if match and (match.url_name or "").endswith("multiple"):
            return JsonResponse({"success": False, "error_message": why}, status=403)
        return refuse(request, why, "wagtailimages:index")

    return _view


def why_refused(user: Any, picture: Picture) -> str:
    """Return why somebody may not change their own picture; "" if they may, or it is not theirs."""
    return IN_USE.format(title=picture.title) if _is_refused(user, picture) else ""


def _is_refused(user: Any, picture: Picture) -> bool:
    """Say whether it is the use that forbids it, and not that it is somebody else's."""
    policy = permissions.permission_policy
    before = CollectionOwnershipPermissionPolicy.user_has_any_permission_for_instance
    may = before(policy, user, ["change"], picture)
    return bool(may and not policy.user_has_permission_for_instance(user, "change", picture))


def _is_on_a_page_of_readers(picture: Picture) -> bool:
    """Say whether readers have a page with it, or had one that may come back."""
    page = ContentType.objects.get_for_model(Page)
    rows = ReferenceIndex.get_references_to(picture).filter(base_content_type=page)
    numbers = [int(number) for number in set(rows.values_list("object_id", flat=True))]
    with_readers = Q(live=True) | Q(first_published_at__isnull=False)
    return bool(Page.objects.filter(with_readers, pk__in=numbers).exists())


def _is_in_a_version_of_others(picture: Picture, user: Any) -> bool:
    """Look into the versions themselves: the index knows none of them."""
    kinds = ContentType.objects.get_for_model(Picture).pk, str(picture.pk)
    written = [((f": {picture.pk},", f": {picture.pk}}}"),)]
    found = holding(_of_others(user).only("pk"), ["content"], written)
    for page in (versions.read(one.pk) for one in found):
        uses = ReferenceIndex._extract_references_from_object(page) if page else ()  # noqa: SLF001  the index is made by it
        if any((kind, str(of)) == kinds for kind, of, *_ in uses):
            return True
    return False


def _of_others(user: Any) -> Any:
    """Return the versions that are approved for their time, wait for approval, or are others'."""
    newest = Page.objects.filter(Q(live=False) | Q(has_unpublished_changes=True))
    awaited = newest.filter(pk__in=_sent(WorkflowState.STATUS_IN_PROGRESS))
    others = newest.exclude(latest_revision__user=user)
    others = others.exclude(pk__in=_sent(WorkflowState.STATUS_NEEDS_CHANGES))
    return Revision.page_revisions.filter(
        Q(approved_go_live_at__isnull=False)
        | Q(pk__in=awaited.values("latest_revision"))
        | Q(pk__in=others.values("latest_revision"))
    )


def _sent(status: str) -> list[int]:
    """Return the numbers of the pages that were sent to the desk and are at this by now."""
    states = WorkflowState.objects.filter(status=status, base_content_type__model="page")
    return [int(number) for number in states.values_list("object_id", flat=True)]
