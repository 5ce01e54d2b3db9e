"""A page's form at the desk. Nobody saves over what somebody else saved since the form was opened.

The CMS notes in the form with which version it began, and asks for it only where a draft is kept by
itself. Whoever pressed a button saved and published over a colleague without a word.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.urls import pages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView

from tamizdat.desk.moments import when
from tamizdat.lib import clock

CONFLICT = 409
NONE = "began_without_version"  # a hidden field of pages of which no version was saved
SEEN = "seen_revision"  # a hidden field: the newer version of which somebody was told
NEWER = (
    "{who} saved a newer version of this page ({when}) after you had opened it. Nothing of yours "
    "was saved, and all of it stands here still. Look at the newer version. If you save again, "
    "yours takes its place, and the newer one stays in the history."
)


class _OneAfterTheOther:
    """Refuses what began with an older version; once it was told, saving again goes on."""

    page: Any
    latest_revision: Any

    @cached_property
    def is_out_of_date(self) -> bool:
        sent = self.request.POST  # type: ignore[attr-defined]  # a view's
        if super().is_out_of_date:  # type: ignore[misc]  # a view's
            return True
        began_without = NONE in sent and not sent.get("overwrite_revision_id")
        return bool(began_without and self.latest_revision)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was typed, unless somebody would lose what they saved."""
        if not self.expects_json_response and self.is_out_of_date:  # type: ignore[attr-defined]  # a view's
            if request.POST.get(SEEN) != str(self.latest_revision.pk):
                return self._refuse(request)
            sent = request.POST.copy()
            sent.pop("overwrite_revision_id", None)  # it is no longer the newest
            request.POST = sent  # type: ignore[assignment]  # Django's own way
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        return answer

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        view: Any = self
        newer = self.latest_revision
        view.form = view.form_class(
            request.POST,
            request.FILES,
            instance=self.page,
            subscription=view.subscription,
            parent_page=view.parent,
            for_user=request.user,
        )
        view.form.defer_required_fields()
        view.form.is_valid()
        view.form.restore_required_fields()
        view.has_unsaved_changes = True
        who = newer.user.get_full_name() or newer.user if newer.user else "Somebody"
        said = NEWER.format(who=who, when=when(newer.created_at, clock.now()))
        see = messages.button(self._comparison(), "See the newer version", new_window=True)
        messages.error(request, said, buttons=[see])
        shown = view.get_context_data()
        # By itself nothing is saved: what the form says it began with is not the newest.
        shown |= {"loaded_revision_created_at": "", "newer_revision": newer.pk}
        answer: HttpResponse = view.render_to_response(shown, status=CONFLICT)
        return answer

    def _comparison(self) -> str:
        """Return where the newer version stands beside the one with which the form began."""
        began: str = self.request.POST.get("loaded_revision_id", "")  # type: ignore[attr-defined]  # a view's
        known = began.isdecimal() and self.page.revisions.filter(pk=began).exists()
        versions = (self.page.pk, began if known else "earliest", self.latest_revision.pk)
        return reverse("wagtailadmin_pages:revisions_compare", args=versions)

    def get_template_names(self) -> list[str]:
        names: list[str] = super().get_template_names()  # type: ignore[misc]  # a view's
        whole = "wagtailadmin/pages/edit.html"
        return ["desk/edit_page.html" if name == whole else name for name in names]


class EditPage(_OneAfterTheOther, EditView):
    pass


class GoBack(_OneAfterTheOther, RevisionsRevertView):
    pass


def connect() -> None:
    """Put our pages in the place of the CMS's, under their names and behind the same doors."""
    ours: dict[str | None, Any] = {"edit": EditPage, "revisions_revert": GoBack}
    for pattern in pages.urlpatterns:
        if view := ours.get(pattern.name):
            pattern.callback = never_cache(require_admin_access(view.as_view()))
