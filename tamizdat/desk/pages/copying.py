"""A copy of a page: a draft of the same language, with an address that the edition can have.

The CMS saves a copy without asking its rules. So the form asks them. It offers neither to publish
the copy at once, since nobody has read it as one, nor an alias: readers would find one article at
two addresses.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page

from tamizdat.desk.forms import slugs
from tamizdat.desk.forms.page_form import NOT_SEEN
from tamizdat.desk.refusing import refuse
from tamizdat.lib.numbers import whole
from tamizdat.lib.visible import is_visible

LARGEST = 2**31 - 1  # of the column in which a page's number is kept
NOT_OFFERED = ("publish_copies", "alias", "copy_subpages")


def refuse_nowhere(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse a copy to a page that is not there; the CMS's page would break."""
    if request.method != "POST":
        return None
    parent = whole(request.POST.get("new_parent_page", ""), LARGEST)
    if parent is not None and Page.objects.filter(pk=parent).exists():
        return None
    why = "Choose the page under which the copy goes. Nothing was copied."
    return refuse(request, why, "wagtailadmin_pages:copy", page.pk)


class DraftCopyForm(CopyForm):
    """Asks for the copy's title, its address and where it goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NOT_OFFERED:
            self.fields.pop(name, None)

    def clean(self) -> Any:
        """Ask of the copy what is asked of a page that somebody writes."""
        cleaned = super().clean()
        parent = cleaned.get("new_parent_page")
        if parent and parent.locale_id != self.page.locale_id:
            self.add_error(
                "new_parent_page",
                f"This is written in {self.page.locale}: use Translate for another language.",
            )
        if not is_visible(cleaned.get("new_title", "x")):
            self.add_error("new_title", NOT_SEEN)
        if "new_slug" in cleaned:
            self._ask_the_page(cleaned["new_slug"])
        return cleaned

    def _ask_the_page(self, slug: str) -> None:
        if why := slugs.fault(slug):
            self.add_error("new_slug", why)
            return
        draft = type(self.page.specific)(slug=slug, live=False)
        try:
            draft.clean()
        except ValidationError as error:
            self.add_error("new_slug", error.message_dict["slug"])
