"""The page that asks before a section, topic, person or picture is deleted.

A colleague may change it between the question and the answer. What they wrote went for good. So the
question notes the last act upon each row, as the CMS's log has it.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.images.admin_urls import urlpatterns
from wagtail.images.views import images
from wagtail.images.views.bulk_actions import DeleteBulkAction as DeleteImages
from wagtail.log_actions import registry
from wagtail.models import Page
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction as DeleteSnippets
from wagtail.snippets.views.snippets import DeleteView

from tamizdat.desk.forms.moments import when
from tamizdat.desk.pages.deletion_question import NOT_DELETED, TOGETHER
from tamizdat.desk.refusing import refuse, who
from tamizdat.lib import clock

SEEN = "seen_acts"  # a hidden field
CHANGED = "{who} changed “{title}” ({when})"


class _Noting:
    """A view that asks about one row, and holds it from what is looked at until it is gone."""

    object: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            _hold([self.object] if request.method == "POST" else [])
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a view's
            return answer

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(**kwargs) | _noted([self.object])  # type: ignore[misc]  # a view's


class DeleteRow(_Noting, DeleteView):
    pass


class DeletePicture(_Noting, images.DeleteView):
    template_name = "desk/delete_picture.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete it, unless a colleague changed it since it was asked about."""
        refused = refuse_changed(request, [self.object])
        answer: HttpResponse = refused or super().post(request, *args, **kwargs)
        return answer


class _NotingAll:
    """A view that asks about several rows."""

    template_name = TOGETHER
    cms_template: str

    def get_context_data(self, **kwargs: Any) -> Any:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]  # a view's
        noted = _noted(each["item"] for each in context["items"])
        return context | noted | {"cms_template": self.cms_template}


class DeleteRows(_NotingAll, DeleteSnippets):
    cms_template = DeleteSnippets.template_name


class DeletePictures(_NotingAll, DeleteImages):
    cms_template = DeleteImages.template_name


def connect() -> None:
    """Put our page in the place of the CMS's, under its name and behind the same door."""
    view: Any = never_cache(require_admin_access(DeletePicture.as_view()))
    for pattern in urlpatterns:
        if pattern.name == "delete":
            pattern.callback = view


def refuse_changed(request: HttpRequest, asked: Iterable[Model]) -> HttpResponse | None:
    """Refuse to delete rows of which a colleague changed one since somebody was asked."""
    if request.method != "POST" or SEEN not in request.POST:
        return None
    seen = set(request.POST[SEEN].split())
    said = ", ".join(_changed(row) for row in asked if _state(row) not in seen)
    return refuse(request, NOT_DELETED.format(changes=said)) if said else None


def in_bulk(
    request: HttpRequest, action: str, changed: Iterable[Any], _view: Any
) -> HttpResponse | None:
    """Refuse the same of rows that were chosen together."""
    rows = [] if action != "delete" else [row for row in changed if not isinstance(row, Page)]
    _hold(rows)
    return refuse_changed(request, rows)


def _hold(rows: Iterable[Model]) -> None:
    for row in rows:
        held = type(row)._default_manager.select_for_update().filter(pk=row.pk)  # noqa: SLF001  Django's documented name
        list(held.order_by().values_list("pk"))


def _noted(rows: Iterable[Model]) -> dict[str, str]:
    return {"seen_name": SEEN, "seen": " ".join(map(_state, rows))}


def _state(row: Model) -> str:
    act = registry.get_logs_for_instance(row).first()
    return f"{row.pk}-{act.pk if act else 0}"


def _changed(row: Model) -> str:
    act = registry.get_logs_for_instance(row).select_related("user").first()
    name, moment = who(act and act.user), when(act and act.timestamp, clock.now())
    return CHANGED.format(who=name, title=row, when=moment)
