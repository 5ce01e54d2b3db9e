"""Issues at the desk: the list, one issue, and what can be done with it."""

from collections.abc import Callable
from datetime import timedelta
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

from tamizdat.desk import published
from tamizdat.letters import (
    accounting,
    composing,
    data_requests,
    drafting,
    forms,
    key_state,
    telling,
    trial,
    writing,
)
from tamizdat.letters.actions import issues
from tamizdat.letters.actions.issues import ChangedError, IssueError
from tamizdat.letters.models import Issue
from tamizdat.lib import clock
from tamizdat.readers import subscribers
from tamizdat.readers.sealing import AddressError

CANDIDATES = timedelta(days=31)
SHOWN = 100
IN, SINCE, OLDER = "in", "since", "older"  # where an article stands that an issue may carry
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
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an issue: to be edited while it is in the making, else what became of it."""
    found = get_object_or_404(Issue, pk=pk)
    if found.state not in issues.IN_THE_MAKING:
        return render(request, "letters/sent.html", _of_sent(found))
    posted = request.POST if request.method == "POST" else None
    form = forms.IssueForm(posted, initial=forms.initial(found))
    items = forms.ItemForms(posted, initial=_candidates(found), prefix="item")
    if posted is not None and form.is_valid() and items.is_valid():
        try:
            issues.edit(found, forms.draft(form, items), form.cleaned_data["version"])
        except ChangedError as error:
            form = _typed_again(request, found)
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("letters:issue", pk)
    return render(request, "letters/issue.html", _of_draft(found, form, items))


@for_editors
def preview(_request: HttpRequest, pk: int, half: str) -> HttpResponse:
    """Show the very letter, alone in a frame that may do nothing."""
    written = _written(get_object_or_404(Issue, pk=pk))
    if half == "text":
        return shut_in(HttpResponse(written.text, content_type="text/plain; charset=utf-8"))
    return letter_frame(written.html)


@for_editors
@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.TrialForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["address"]
        return _act(
            request, pk, lambda it: issues.try_out(it, address, clock.now()),
            "The test was queued. Its address is forgotten as soon as it was handed over.",
        )  # fmt: skip
    messages.error(request, "This is no e-mail address.")
    return redirect("letters:issue", pk)


@for_editors
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    seen = request.POST.get("wording", "")
    return _act(request, pk, lambda it: issues.approve(it, seen), "Approved. It can be sent now.")


@for_editors
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda it: issues.send(it, clock.now()), "It is being sent.")


@for_editors
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    _act(request, pk, issues.discard, "Thrown away.")
    return redirect("letters:index")


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
    except AddressError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Sealed. It is done when the reader key is unlocked next.")
    return redirect("letters:index")


@sensitive_post_parameters("passphrase")
@for_editors
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Hand the passphrase to the work process. It is stored nowhere and shown nowhere."""
    state = key_state.unlock(settings.NEWSROOM, request.POST.get("passphrase", ""))
    if state.is_open:
        messages.success(request, "The reader key is open for half an hour. Then it locks itself.")
    else:
        messages.error(request, state.trouble)
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


def _act(request: HttpRequest, pk: int, act: Callable[[Issue], Any], done: str) -> HttpResponse:
    try:
        act(get_object_or_404(Issue, pk=pk))
    except (IssueError, AddressError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("letters:issue", pk)


def _back(request: HttpRequest) -> str:
    """Return the issue that the editor came from, or the list."""
    pk = request.POST.get("issue", "")
    return f"/desk/letters/{pk}/" if pk.isdigit() else "/desk/letters/"


def _typed_again(request: HttpRequest, found: Issue) -> forms.IssueForm:
    """Return what was typed, over the version that stands now: to save again is to replace it."""
    typed = request.POST.copy()
    typed["version"] = drafting.version(found)
    return forms.IssueForm(typed)


def _of_draft(found: Issue, form: forms.IssueForm, items: Any) -> dict[str, Any]:
    written = _written(found)
    return {
        "issue": found,
        "alerts": telling.of_issue(
            settings.NEWSROOM.data, found.pk, [each.pk for each in trial.waiting(found)]
        ),
        "tested": trial.said_of(found),
        "form": form,
        "items": items,
        "wording": issues.wording(found),
        "size": written.size,
        "largest": writing.LARGEST,
        "audience": subscribers.count(found.newsletter.code, found.language),
        "trial": forms.TrialForm(),
        "key": key_state.look(settings.NEWSROOM),
        "unlock": forms.UnlockForm(),
    }


def _of_sent(found: Issue) -> dict[str, Any]:
    return {
        "issue": found,
        "account": accounting.account(found),
        "alerts": telling.of_issue(settings.NEWSROOM.data, found.pk),
        "key": key_state.look(settings.NEWSROOM),
        "unlock": forms.UnlockForm(),
    }


def _written(found: Issue) -> writing.Written:
    if found.html:
        return writing.Written(found.subject, found.text, found.html)
    newsroom = settings.NEWSROOM
    return composing.write_issue(newsroom, found, issues.local_day(newsroom, clock.now()))


def _candidates(found: Issue) -> list[dict[str, Any]]:
    """Return the articles of the issue in its order, then others of the last month.

    What was published before the last issue comes last: readers may have had it.
    """
    rows = list(found.items.all())
    chosen = published.cards(row.article for row in rows)
    now = clock.now()
    others = published.between(found.language, now - CANDIDATES, now)
    return [
        _row(chosen[row.article], place, IN, form=row.form, intro=row.intro, included=True)
        for place, row in enumerate(rows, 1)
        if row.article in chosen
    ] + [
        _row(card, None, SINCE if card.published >= found.since else OLDER, form="teaser")
        for card in others
        if card.id not in chosen
    ]


def _row(card: published.Card, place: int | None, group: str, **more: Any) -> dict[str, Any]:
    return {"article": card.id, "order": place, "card": card, "group": group, **more}
