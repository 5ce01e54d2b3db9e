"""One issue at the desk: its page, and its buttons. No button loses what was typed.

The page of a draft is one form. Each button sends all of it: what was typed is saved, then the
button's act is done with it. What cannot be saved is shown again, to be mended or to be copied.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tamizdat.letters.actions import issues
from tamizdat.letters.actions.issues import ChangedError, IssueError
from tamizdat.letters.admin import candidates, forms, key_state
from tamizdat.letters.admin.access import View, for_editors
from tamizdat.letters.admin.typed import Typed
from tamizdat.letters.alerts import delivery_alerts
from tamizdat.letters.content import writing
from tamizdat.letters.models import Issue
from tamizdat.letters.newsletters import composing, drafting, send_test
from tamizdat.letters.outbox import accounting
from tamizdat.lib import clock
from tamizdat.readers import subscribers
from tamizdat.readers.keys import KeysError
from tamizdat.readers.sealing import AddressError

SENT = "This issue was sent meanwhile: its words stand."
GONE = "Somebody threw this draft away meanwhile."
CONFLICT = 409
Act = Callable[[Issue, Typed], Any]


class NoAddressError(Exception):
    """What was typed is no address that a test can go to."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a button does once the words are saved, and what is said then."""

    done: str
    act: Act = lambda _issue, _typed: None


def _try_out(issue: Issue, typed: Typed) -> None:
    if not typed.trial.is_valid():
        raise NoAddressError("This is no e-mail address, so no test was sent.")
    issues.try_out(issue, typed.trial.cleaned_data["address"], clock.now())


SAVE = Button("Saved.")
TRY = Button("The test is queued. Its address is forgotten once it was handed over.", _try_out)
APPROVE = Button(
    "Approved. It can be sent now.", lambda issue, typed: issues.approve(issue, typed.letter_digest)
)
SEND = Button("It is being sent.", lambda issue, _typed: issues.send(issue, clock.now()))


@sensitive_post_parameters("address")
@for_editors
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an issue: to be edited while it is in the making, else what became of it."""
    if request.method == "POST":
        return _press(request, pk, SAVE)
    found = get_object_or_404(Issue, pk=pk)
    if found.state not in issues.IN_THE_MAKING:
        return render(request, "letters/sent.html", _of_sent(found))
    return _draft(request, found)


def _pressed(button: Button) -> View:
    @sensitive_post_parameters("address")
    @for_editors
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return _press(request, pk, button)

    return view


try_out, approve, send = _pressed(TRY), _pressed(APPROVE), _pressed(SEND)


@sensitive_post_parameters("address")
@for_editors
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, and show for a last time what the editor had on the screen."""
    typed = Typed(request.POST)
    found = Issue.objects.filter(pk=pk).first()
    if found is None:
        return _unsaved(request, pk, typed)
    try:
        issues.discard(found, typed.draft_digest)
    except ChangedError as error:
        return _draft(request, found, typed.over(found, str(error)))
    except (IssueError, Issue.DoesNotExist):
        return _unsaved(request, pk, typed)
    return render(request, "letters/thrown_away.html", {"words": typed.words()})


def _press(request: HttpRequest, pk: int, button: Button) -> HttpResponse:
    """Save what was typed, then do with it what the button says."""
    typed = Typed(request.POST)
    found = Issue.objects.filter(pk=pk, state__in=issues.IN_THE_MAKING).first()
    if found is None:
        return _unsaved(request, pk, typed)
    before = drafting.draft_digest(found)
    try:
        if typed.is_there:
            if not typed.is_valid():
                messages.error(request, "Nothing is saved yet. See what is marked below.")
                return _draft(request, found, typed)
            issues.edit(found, typed.draft(), typed.draft_digest)
    except ChangedError as error:
        return _draft(request, found, typed.over(found, str(error)))
    except (IssueError, Issue.DoesNotExist):
        return _unsaved(request, pk, typed)
    if button is not SAVE and drafting.draft_digest(found) != before:
        messages.success(request, "What you typed is saved.")
    return _carry_out(request, found, typed, button)


def _carry_out(request: HttpRequest, found: Issue, typed: Typed, button: Button) -> HttpResponse:
    """Do what a button says with an issue whose words are saved."""
    left = "" if button in (TRY, SEND) else typed.address
    try:
        button.act(found, typed)
    except (IssueError, AddressError, NoAddressError, KeysError) as error:
        messages.error(request, str(error))
        left = typed.address
    except Issue.DoesNotExist:
        return _unsaved(request, found.pk, typed)
    else:
        messages.success(request, button.done)
    if not left:
        return redirect("letters:issue", found.pk)
    if button is SAVE:
        messages.info(request, "No test was sent: that has a button of its own.")
    again = get_object_or_404(Issue, pk=found.pk)
    return _draft(request, again, address=left)


def _unsaved(request: HttpRequest, pk: int, typed: Typed) -> HttpResponse:
    """Show what was typed into an issue that was sent or thrown away meanwhile."""
    found = Issue.objects.filter(pk=pk).first()
    why = GONE if found is None else SENT
    if typed.is_there and not (found and typed.says(found)):
        shown = {"why": why, "issue": found, "words": typed.words()}
        return render(request, "letters/unsaved.html", shown, status=CONFLICT)
    messages.error(request, why)
    return redirect("letters:issue", pk) if found else redirect("letters:index")


def _draft(
    request: HttpRequest, found: Issue, typed: Typed | None = None, address: str = ""
) -> HttpResponse:
    """Show the page of a draft: its words as they are kept, or as they were typed."""
    rows = candidates.of_issue(found, clock.now())
    shown = {
        **_of_draft(found),
        "form": typed.form if typed else forms.IssueForm(initial=forms.initial(found)),
        "items": typed.items_with(rows) if typed else forms.ItemForms(initial=rows, prefix="item"),
        "trial": forms.TrialForm(initial={"address": typed.address if typed else address}),
    }
    return render(request, "letters/issue.html", shown)


def _of_draft(found: Issue) -> dict[str, Any]:
    trials = [each.pk for each in send_test.waiting(found)]
    digest = composing.letter_digest(settings.NEWSROOM, found)
    return {
        "issue": found,
        "stage": drafting.stage(found, digest),
        "alerts": delivery_alerts.of_issue(settings.NEWSROOM.data, found.pk, trials),
        "tested": send_test.said_of(found, digest),
        "letter_digest": digest,
        "size": composing.as_it_reads(settings.NEWSROOM, found, clock.now()).size,
        "largest": writing.LARGEST,
        "audience": subscribers.count(found.newsletter.code, found.language),
        "key": key_state.look(settings.NEWSROOM),
    }


def _of_sent(found: Issue) -> dict[str, Any]:
    return {
        "issue": found,
        "account": accounting.account(found),
        "alerts": delivery_alerts.of_issue(settings.NEWSROOM.data, found.pk),
        "key": key_state.look(settings.NEWSROOM),
        "unlock": forms.UnlockForm(),
    }
