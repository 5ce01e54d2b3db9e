"""Letters at the desk: the list of issues, the reader key, and a letter as readers get it.

One issue and its buttons are in `draft_views.py`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from wagtail.permissions import page_permission_policy

from tamizdat.desk import guessing
from tamizdat.letters import (
    accounting,
    composing,
    data_requests,
    forms,
    key_state,
    telling,
    writing,
)
from tamizdat.letters.actions import issues
from tamizdat.letters.models import Issue
from tamizdat.lib import clock
from tamizdat.lib.numbers import whole
from tamizdat.readers.keys import KeysError
from tamizdat.readers.sealing import AddressError

SHOWN = 100
View = Callable[..., HttpResponse]


def for_editors(view: View) -> View:
    """Let in whoever may publish: a letter is a publication."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not page_permission_policy.user_has_permission(request.user, "publish"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@for_editors
def index(request: HttpRequest) -> HttpResponse:
    issues_with_words = Issue.objects.select_related("newsletter").prefetch_related(
        "newsletter__texts"
    )
    found = issues_with_words.order_by(F("day").desc(nulls_first=True), "-pk")[:SHOWN]
    shown = {
        "issues": [(issue, accounting.account(issue)) for issue in found],
        "alerts": telling.of_letters_page(settings.NEWSROOM.data),
        "compose": forms.ComposeForm(),
        "data_request": forms.DataRequestForm(),
        "key": key_state.look(settings.NEWSROOM),
        "unlock": forms.UnlockForm(),
    }
    return render(request, "letters/index.html", shown)


@for_editors
@require_POST
def compose(request: HttpRequest) -> HttpResponse:
    form = forms.ComposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a newsletter first. Make one under Newsletters.")
        return redirect("letters:index")
    issue = issues.compose(form.newsletter, form.language, clock.now())
    return redirect("letters:issue", issue.pk)


@for_editors
def preview(_request: HttpRequest, pk: int, half: str) -> HttpResponse:
    """Show the very letter, alone in a frame that may do nothing."""
    letter = written(get_object_or_404(Issue, pk=pk))
    if half == "text":
        return shut_in(HttpResponse(letter.text, content_type="text/plain; charset=utf-8"))
    return letter_frame(letter.html)


@sensitive_post_parameters("address")
@for_editors
@require_POST
def data_request(request: HttpRequest) -> HttpResponse:
    """Seal what a reader asks for, until the reader key is unlocked."""
    form = forms.DataRequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose what the reader asks, and type the address.")
        return redirect("letters:index")
    said = form.cleaned_data
    try:
        data_requests.ask(settings.NEWSROOM, said["kind"], said["address"], said["language"])
    except (AddressError, KeysError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Sealed. It is done when the reader key is unlocked next.")
    return redirect("letters:index")


@sensitive_post_parameters("passphrase")
@for_editors
@require_POST
@guessing.counted
def unlock(request: HttpRequest) -> HttpResponse:
    """Hand the passphrase to the work process. It is stored nowhere and shown nowhere."""
    state = key_state.unlock(settings.NEWSROOM, request.POST.get("passphrase", ""))
    if state.is_open:
        messages.success(request, "The reader key is open for half an hour. Then it locks itself.")
    else:
        if state.trouble is key_state.Trouble.WRONG:
            guessing.note()
        messages.error(request, state.trouble or "The key stays locked.")
    return redirect(_back(request))


@for_editors
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    key_state.lock(settings.NEWSROOM)
    messages.success(request, "The reader key is locked.")
    return redirect(_back(request))


def letter_frame(html: str) -> HttpResponse:
    """Return a letter's HTML for a frame; its links open beside the desk, as in a mail program."""
    return shut_in(HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1)))


def shut_in(answer: HttpResponse) -> HttpResponse:
    """Let a letter be framed by the desk alone, and load, run and submit nothing."""
    answer["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; form-action 'none'"
    )
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _back(request: HttpRequest) -> str:
    """Return the issue that the editor came from, or the list."""
    pk = whole(request.POST.get("issue", ""), forms.LARGEST)
    return "/desk/letters/" if pk is None else f"/desk/letters/{pk}/"


def written(found: Issue) -> writing.Written:
    """Return an issue as it reads now, or as it was sent."""
    if found.html:
        return writing.Written(found.letter_subject, found.text, found.html)
    newsroom = settings.NEWSROOM
    return composing.write_issue(newsroom, found, issues.local_day(newsroom, clock.now()))
