"""The page that asks before pages are deleted: nothing goes that nobody was asked about.

The CMS deletes what there is when somebody says yes. What a colleague wrote or published since the
question was opened went for good, and with it every version.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.models import Page

from tamizdat.desk.pages import asked_about
from tamizdat.desk.refusing import refuse

TOGETHER = "desk/delete_together.html"  # the CMS's page of that question, with our form in it
NOT_DELETED = (
    "Nothing was deleted: after you had been asked, {changes}. Look at it before you delete it."
)
View = Callable[..., HttpResponseBase]


class DeleteTogether(DeleteBulkAction):
    template_name = TOGETHER

    def get_context_data(self, **kwargs: Any) -> Any:
        """Note in the form how the pages are about which it asks."""
        context = super().get_context_data(**kwargs)
        noted = _noted(each["item"] for each in context["items"])
        return context | noted | {"cms_template": DeleteBulkAction.template_name}


def noting(view: View) -> View:
    """Note the same in the form that asks about one page."""

    @wraps(view)
    def _view(request: HttpRequest, page_id: int) -> HttpResponseBase:
        asks = view(request, page_id)
        if isinstance(asks, TemplateResponse) and asks.context_data:
            page = asks.context_data["page"]
            asks.template_name = "desk/delete_page.html"
            may = page.permissions_for_user(request.user).can_unpublish()
            asks.context_data |= {"can_unpublish": may} | _noted([page])
            asks.context_data["total_page_count"] = asks.context_data["descendant_count"] + 1
        return asks

    return _view


def refuse_changed(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a page that is no longer as it was when somebody was asked."""
    said = _changes(request, [page])
    return refuse(request, said, "wagtailadmin_pages:edit", page.pk) if said else None


def in_bulk(
    request: HttpRequest, action: str, changed: Iterable[Any], _view: Any
) -> HttpResponse | None:
    """Refuse the same of pages that were chosen together; None if all are as they were."""
    pages = [page for page in changed if isinstance(page, Page)] if action == "delete" else []
    said = _changes(request, pages)
    return refuse(request, said) if said else None


def _changes(request: HttpRequest, pages: Iterable[Page]) -> str:
    """Return in a sentence what became of them since; "" where no form of ours was asked."""
    note = request.POST.get(asked_about.SEEN, "") if request.method == "POST" else ""
    said = ", ".join(asked_about.changes(note, _with_all_below(pages))) if note else ""
    return NOT_DELETED.format(changes=said) if said else ""


def _noted(pages: Iterable[Page]) -> dict[str, str]:
    note = asked_about.noted(_with_all_below(pages))
    return {"seen_name": asked_about.SEEN, "seen": note}


def _with_all_below(pages: Iterable[Page]) -> set[int]:
    below = (page.get_descendants(inclusive=True) for page in pages)
    return {number for rows in below for number in rows.values_list("pk", flat=True)}
