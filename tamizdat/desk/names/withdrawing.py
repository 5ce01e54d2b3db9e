"""Withdraw a name: the page that says what will happen, and the one that says what is left."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from wagtail.admin.widgets.button import Button
from wagtail.snippets.action_menu import ActionMenuItem

from tamizdat.desk.models import Person
from tamizdat.desk.names import actions
from tamizdat.desk.names.whereabouts import spellings_of, twins, whereabouts
from tamizdat.desk.names.withdrawing_form import WithdrawForm
from tamizdat.desk.spellings import Spellings, can_be_spellings

PERMISSION = "desk.delete_person"  # editors have it, reporters do not


@sensitive_post_parameters()
def withdraw(request: HttpRequest, person: int) -> HttpResponse:
    """Say where the name stands; on a second, explicit press withdraw it."""
    _editors_only(request)
    row = get_object_or_404(Person, pk=person)
    form = WithdrawForm(request.POST or None, person=row)
    valid = form.is_valid()
    if valid and "withdraw" in request.POST:
        left = actions.withdraw(row, form.cleaned_data["by"], form.cleaned_data["also"])
        return _left(request, left)
    people = twins(row)
    also = form.cleaned_data["also"] if valid else []
    found = whereabouts(spellings_of(people, also), people)
    shown = {"person": row, "people": people, "form": form, "found": found}
    return render(request, "desk/withdraw_name.html", shown)


@require_POST
@sensitive_post_parameters()
def look_again(request: HttpRequest) -> HttpResponse:
    """Say what is left after an editor has mended texts. The name itself we no longer have."""
    _editors_only(request)
    told = request.POST.getlist("spelling")
    if not can_be_spellings(told):
        raise BadRequest
    return _left(request, actions.look_again(Spellings.of(told)))


class WithdrawItem(ActionMenuItem):
    """The way there, on a person's page."""

    name = "action-withdraw"
    label = "Withdraw the name…"
    icon_name = "warning"
    order = 1000

    def is_shown(self, context: Any) -> bool:
        return (
            context["view"] == "edit"
            and context["model"] is Person
            and context["request"].user.has_perm(PERMISSION)
        )

    def get_url(self, context: Any) -> str:
        return reverse("withdraw_name", args=(context["instance"].pk,))


def listing_button(person: Any, user: Any) -> list[Button]:
    """Return the way there from the list of people."""
    if not isinstance(person, Person) or not user.has_perm(PERMISSION):
        return []
    url = reverse("withdraw_name", args=(person.pk,))
    return [Button("Withdraw the name…", url, icon_name="warning", priority=90)]


def _left(request: HttpRequest, left: Any) -> HttpResponse:
    return render(request, "desk/name_withdrawn.html", {"found": left})


def _editors_only(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
