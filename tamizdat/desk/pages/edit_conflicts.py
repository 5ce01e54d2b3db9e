"""A page's form at the desk. Nobody undoes what somebody else did since the form was opened.

They may have saved a newer version, decided on what waits for approval, or taken the page from
readers. The CMS notes in the form with which version it began, and asks for it only where a draft
is kept by itself. Whoever pressed a button saved and published over a colleague without a word.
"""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.urls import pages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView

from tamizdat.desk.forms import ended_session, gone_rows
from tamizdat.desk.forms.moments import when
from tamizdat.desk.pages import deleting, deletion_question
from tamizdat.desk.pages.approving import ActAtItsAddress, AskForAComment, how_it_ended
from tamizdat.desk.pages.unpublishing import UnpublishPage, last_taken, taker
from tamizdat.desk.refusing import who
from tamizdat.lib import clock

NONE = "began_without_version"  # a hidden field of pages of which no version was saved
SEEN = "seen_revision"  # a hidden field: the newer version of which somebody was told
NEWER = (
    "{who} saved a newer version of this page ({when}) after you had opened it. Nothing of yours "
    "was saved, and all of it stands here still. Look at the newer version. If you save again, "
    "yours takes its place, with its bylines and corrections, and the newer one stays in the "
    "history."
)
BEGAN_LIVE = "began_live"  # a hidden field: readers had the page
TAKEN = (
    "{who} took this page from readers ({when}) after you had opened it. Nothing of yours was "
    "saved, and all of it stands here still. If you publish it now, readers get it again."
)
COMMENT = "Nothing was decided, and your comment was not sent. Copy it: “{comment}”"
Said = list[tuple[str, list[Any]]]  # sentences, with buttons


class _OneAfterTheOther:
    """Refuses a form that began before somebody's act; once it was told, saving again goes on."""

    page: Any
    form_class: Any
    real_page_record: Any
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
        said: Said = [(how_it_ended(self.page), [])] if self._is_decided() else []
        if self.expects_json_response:  # type: ignore[attr-defined]  # a view's
            return self._refuse(request, said) if said else self._go_on(request, *args, **kwargs)
        is_seen = not self.is_out_of_date or request.POST.get(SEEN) == self._newest()
        if not is_seen:
            said.append(self._newer())
        if self._is_taken_away():
            said.append(self._taken())
        if said:
            return self._refuse(request, said)
        if self.is_out_of_date:
            sent = request.POST.copy()
            sent.pop("overwrite_revision_id", None)  # it is no longer the newest
            request.POST = sent  # type: ignore[assignment]  # Django's own way
            gone_rows.keep_only(self.form_class, self.page, sent)
        return self._go_on(request, *args, **kwargs)

    def _go_on(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, whole or not at all. What is refused only then stands in the form still."""
        try:
            with transaction.atomic():
                answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        except ValidationError as error:
            return self._refuse(request, [(sentence, []) for sentence in error.messages])
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form with what hinders it, and the comment that was typed with a decision."""
        if not self.expects_json_response:  # type: ignore[attr-defined]  # a view's
            self._show_comment()
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # a view's
        return answer

    def _show_comment(self) -> None:
        """The window that asked for it is closed, and comes back empty."""
        request: HttpRequest = self.request  # type: ignore[attr-defined]  # a view's
        if said := ended_session.comment(request.POST):
            messages.warning(request, COMMENT.format(comment=said))

    def _is_decided(self) -> bool:
        """Say whether somebody else approved, sent back or took back what is being decided on."""
        asked = self.request.POST.get("action-workflow-action")  # type: ignore[attr-defined]  # a view's
        return bool(asked and self.page.current_workflow_task is None)

    def _is_taken_away(self) -> bool:
        """Say whether readers had the page when the form was opened, and have it no more.

        A page that is held for its time is open to nobody's typing: its form cannot be saved.
        """
        return BEGAN_LIVE in self.request.POST and not self.real_page_record.live  # type: ignore[attr-defined]  # a view's

    def _taken(self) -> tuple[str, list[Any]]:
        """Return who took the page away, in a sentence."""
        act = last_taken(self.real_page_record)
        moment = when(act and act.timestamp, clock.now())
        return TAKEN.format(who=taker(act), when=moment), []

    def _newer(self) -> tuple[str, list[Any]]:
        """Return who saved the newer version, in a sentence, and a button that leads to it."""
        newer = self.latest_revision
        said = NEWER.format(who=who(newer.user), when=when(newer.created_at, clock.now()))
        return said, [messages.button(self._comparison(), "See the newer version", new_window=True)]

    def _refuse(self, request: HttpRequest, said: Said) -> HttpResponse:
        view: Any = self
        if view.expects_json_response:
            sentences = " ".join(sentence for sentence, _buttons in said)
            told: HttpResponse = view.json_error_response("conflict", sentences)
            return told
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
        for sentence, buttons in said:
            messages.error(request, sentence, buttons=buttons)
        self._show_comment()
        shown = view.get_context_data()
        if self.is_out_of_date:
            # By itself nothing is saved: what the form says it began with is not the newest.
            shown |= {"loaded_revision_created_at": "", "newer_revision": self._newest()}
        answer: HttpResponse = view.render_to_response(shown, status=HTTPStatus.CONFLICT)
        return answer

    def _newest(self) -> str:
        """Return what names the newest version: one that is kept by itself has a later time."""
        return f"{self.latest_revision.pk}-{self.latest_revision.created_at.isoformat()}"

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
    ours: dict[str | None, Any] = {
        "edit": EditPage,
        "revisions_revert": GoBack,
        "unpublish": UnpublishPage,
        "workflow_action": ActAtItsAddress,
        "collect_workflow_action_data": AskForAComment,
    }
    for pattern in pages.urlpatterns:
        if view := ours.get(pattern.name):
            pattern.callback = never_cache(require_admin_access(view.as_view()))
        if pattern.name == "delete":
            pattern.callback = deletion_question.noting(pattern.callback)
        if pattern.name in deleting.PAGES:
            pattern.callback = deleting.saying_why(pattern.callback)
