"""Pages published together from a list: what nobody looked at one by one.

The CMS counts what it has sent on its way. A page that is held for its time stays held, and was
called published all the same; a translation that nobody has touched yet went out in the wrong
language. What somebody saved after the page that asks was opened went out unread, and what they
took from readers came out again.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Page, Revision

from tamizdat.desk.models import ArticlePage, PlainPage
from tamizdat.desk.pages import asked_about
from tamizdat.desk.refusing import refuse

UNTOUCHED = (
    "Nothing was done. This still says what its original says: {titles}. Translate it first, or "
    "publish it on its own page."
)
NONE_SEEN = "Nothing was published: choose in the list what to publish, and look at what is asked."
CHANGED = (
    "Nothing was published: after you had been asked, {changes}. Look at it, and publish it then."
)


class PublishTogether(PublishBulkAction):
    template_name = "desk/publish_together.html"

    def get_context_data(self, **kwargs: Any) -> Any:
        """Note in the form how the pages are about which it asks."""
        context = super().get_context_data(**kwargs)
        listed = [each["item"] for each in context["items"]]
        asked = {page.pk for page in listed} | _waiting_below(listed)
        return {**context, asked_about.SEEN: asked_about.noted(asked)}

    @classmethod
    def execute_action(cls, objects: Any, **kwargs: Any) -> tuple[int, int]:
        """Publish pages, and count those that readers got by it."""
        listed = list(objects)
        asked = bool(kwargs.get("include_descendants"))
        before = _waiting_below(listed) if asked else set()
        parents, _children = super().execute_action(listed, **kwargs)
        return parents, len(before - _waiting_below(listed)) if asked else 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say what readers got, and what stays held for its time."""
        said = str(super().get_success_message(num_parent_objects, num_child_objects))
        if not self.cleaned_form.cleaned_data["include_descendants"]:
            return said
        held = _held() & _waiting_below(self.get_actionable_objects()[0])
        if not held:
            return said
        return (
            f"{said}; {len(held)} below {'stays' if len(held) == 1 else 'stay'} held for its time"
        )


def refuse_untouched(
    request: HttpRequest, action: str, changed: Iterable[Any], view: Any
) -> HttpResponse | None:
    """Refuse to publish translations that nobody has translated; None if there is none."""
    pages = [page for page in changed if isinstance(page, Page)] if action == "publish" else []
    asked = {page.pk for page in pages}
    if pages and view.cleaned_form.cleaned_data.get("include_descendants"):
        asked |= _waiting_below(pages)
    drafts = Page.objects.filter(pk__in=asked, live=False)
    left = [page for page in drafts if _says_what_its_original_says(page)]
    titles = ", ".join(f"“{page.get_admin_display_title()}” ({page.locale})" for page in left)
    return refuse(request, UNTOUCHED.format(titles=titles)) if titles else None


def refuse_unseen(
    request: HttpRequest, action: str, changed: Iterable[Any], view: Any
) -> HttpResponse | None:
    """Refuse to publish what a colleague wrote, or took from readers, since somebody was asked."""
    pages = [page for page in changed if isinstance(page, Page)] if action == "publish" else []
    if not pages:
        return None
    note = request.POST.get(asked_about.SEEN, "")
    if not note.strip():
        return refuse(request, NONE_SEEN)
    asked = {page.pk for page in pages}
    if view.cleaned_form.cleaned_data.get("include_descendants"):
        asked |= _waiting_below(pages)
    said = ", ".join(asked_about.changes_to_publish(note, asked))
    return refuse(request, CHANGED.format(changes=said)) if said else None


def _waiting_below(pages: Iterable[Page]) -> set[int]:
    """Return the drafts below these pages."""
    below = (page.get_descendants().filter(live=False) for page in pages)
    return {number for drafts in below for number in drafts.values_list("pk", flat=True)}


def _held() -> set[int]:
    """Return the pages that come out at their time."""
    revisions = Revision.page_revisions.exclude(approved_go_live_at=None)
    return {int(number) for number in revisions.values_list("object_id", flat=True)}


def _says_what_its_original_says(page: Page) -> bool:
    latest = page.get_latest_revision_as_object()
    if not isinstance(latest, (ArticlePage, PlainPage)):
        return False
    own = _words(latest)
    older = page.get_translations().filter(pk__lt=page.pk)  # the original is no copy of its copy
    return any(_words(other.specific) == own for other in older)


def _words(page: Any) -> tuple[Any, ...]:
    """Return a page's words; a translation's blocks have ids of their own."""
    body = [(block["type"], block["value"]) for block in page.body.raw_data]
    return page.title, getattr(page, "standfirst", ""), body
