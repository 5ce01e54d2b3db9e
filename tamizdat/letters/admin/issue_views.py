"""Letters at the desk: the list of issues, the reader key, and a letter as readers get it.

One issue and its buttons are in `admin/draft_views.py`.
"""

from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tamizdat.desk.accounts import guess_limit
from tamizdat.letters import data_requests
from tamizdat.letters.actions import issues
from tamizdat.letters.admin import forms, key_state
from tamizdat.letters.admin.access import for_editors
from tamizdat.letters.admin.frames import letter_frame, shut_in
from tamizdat.letters.alerts import delivery_alerts
from tamizdat.letters.models import Issue
from tamizdat.letters.newsletters import composing
from tamizdat.letters.outbox import accounting
from tamizdat.lib import clock
from tamizdat.lib.numbers import whole
from tamizdat.readers.keys import KeysError
from tamizdat.readers.sealing import AddressError

SHOWN = 100


@for_editors
def index(request: HttpRequest) -> HttpResponse:
    issues_with_words = Issue.objects.select_related("newsletter").prefetch_related(
        "newsletter__texts"
    )
    found = issues_with_words.order_by(F("day").desc(nulls_first=True), "-pk")[:SHOWN]
    shown = {
        "issues": [(issue, accounting.account(issue)) for issue in found],
        "alerts": delivery_alerts.of_letters_page(settings.NEWSROOM.data),
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
    issue = get_object_or_404(Issue, pk=pk)
    letter = composing.as_it_reads(settings.NEWSROOM, issue, clock.now())
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
@guess_limit.counted
def unlock(request: HttpRequest) -> HttpResponse:
    """Hand the passphrase to the work process. It is stored nowhere and shown nowhere."""
    state = key_state.unlock(settings.NEWSROOM, request.POST.get("passphrase", ""))
    if state.is_open:
        messages.success(request, "The reader key is open for half an hour. Then it locks itself.")
    else:
        if state.trouble is key_state.Trouble.WRONG:
            guess_limit.note()
        messages.error(request, state.trouble or "The key stays locked.")
    return redirect(_back(request))


@for_editors
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    key_state.lock(settings.NEWSROOM)
    messages.success(request, "The reader key is locked.")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Return the issue that the editor came from, or the list."""
    pk = whole(request.POST.get("issue", ""), forms.LARGEST)
    return "/desk/letters/" if pk is None else f"/desk/letters/{pk}/"
