"""What reporters send to the desk: approved as it was sent, and a word about it is never lost.

The CMS publishes the newest version, whichever it is by then, and also of a page that a colleague
took from readers meanwhile. And whoever decided on what somebody else had decided on meanwhile was
led away from all that they had typed.
"""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.pages.workflow import CollectWorkflowActionData, WorkflowAction
from wagtail.models import Page, TaskState

from tamizdat.desk.forms import ended_session
from tamizdat.desk.forms.moments import when
from tamizdat.desk.pages import ends_first
from tamizdat.desk.pages.unpublishing import last_taken, taker
from tamizdat.desk.refusing import refuse, who
from tamizdat.lib import clock

DID = {
    TaskState.STATUS_APPROVED: "approved this page",
    TaskState.STATUS_REJECTED: "sent this page back",
}
TOOK_BACK = "took this page from what waits for approval"
ENDED = (
    "{who} {did} ({when}) after you had opened it. Nothing of yours was saved, and all of it "
    "stands here still."
)
NOT_AWAITED = "This page does not wait for approval. Nothing of yours was saved."
TAKEN = (
    "Nothing was approved: {who} took “{title}” from readers ({when}) after it was sent to the "
    "desk. Look at it, and approve it here."
)
CHANGED = (
    "Nothing was approved: {who} saved a newer version of “{title}” ({when}) after it was sent to "
    "the desk. Look at it, and approve it here."
)


def how_it_ended(page: Page) -> str:
    """Return in sentences who decided on what was sent to the desk, and when."""
    states = TaskState.objects.for_instance(page).exclude(finished_at=None)
    last = states.select_related("finished_by").order_by("-finished_at", "-pk").first()
    if last is None:
        return NOT_AWAITED
    did = DID.get(last.status, TOOK_BACK)
    moment = when(last.finished_at, clock.now())
    return ENDED.format(who=who(last.finished_by), did=did, when=moment)


class _OfWhatIsAwaited:
    object: Any
    task_state: Any
    form_class: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say who was faster, with all that was typed.

        Raises:
            Http404: it is about another page.
        """
        if self.task_state.workflow_state.object_id != str(self.object.pk):
            raise Http404
        if request.method == "POST" and self.task_state.status != TaskState.STATUS_IN_PROGRESS:
            return self._say(request, how_it_ended(self.object))
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a view's
        return answer

    def _say(self, request: HttpRequest, said: str) -> HttpResponse:
        """Return why nothing was decided, with the comment that was typed."""
        form = self.form_class(request.POST) if self.form_class else None
        view: Any = self
        if form is not None and request.headers.get("x-requested-with") == "XMLHttpRequest":
            form.is_valid()
            form.add_error(None, said)
            view.action_verbose_name = ""
            answer: HttpResponse = view.render_modal_form(request, form)
            return answer
        return ended_session.shown(request, HTTPStatus.CONFLICT, said) or refuse(
            request, said, "wagtailadmin_pages:edit", self.object.pk
        )


class ActAtItsAddress(_OfWhatIsAwaited, WorkflowAction):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve what was sent: nothing that somebody saved since, or took from readers."""
        if self.action_name == "approve" and (why := self._what_changed()):
            return self._say(request, why)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        ends_first.tell(request, self.object)
        return answer

    def _what_changed(self) -> str:
        """Return in a sentence what a colleague did since the page was sent; "" for nothing."""
        title, newest = self.object.get_admin_display_title(), self.object.get_latest_revision()
        if newest.pk != self.task_state.revision_id:
            moment = when(newest.created_at, clock.now())
            return CHANGED.format(who=who(newest.user), title=title, when=moment)
        act = last_taken(self.object)
        if act and not self.object.live and act.timestamp > self.task_state.started_at:
            moment = when(act.timestamp, clock.now())
            return TAKEN.format(who=taker(act), title=title, when=moment)
        return ""


class AskForAComment(_OfWhatIsAwaited, CollectWorkflowActionData):
    pass
