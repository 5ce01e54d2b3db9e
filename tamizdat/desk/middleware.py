from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tamizdat.desk.sign_in import Verdict, judge, second_steps, taken

# What somebody needs who has yet to set up a second step.
OPEN = frozenset({"account_reauthenticate", "account_logout", "wagtailadmin_logout"})
OPEN_TO_ALL = frozenset({"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"})
SETTING_UP = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})
SET_UP_HERE = "second_steps_set_up_here"


class SecondStep:
    """Let nobody work whose session lacks the second step that they have, or must have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method == "POST" and _name(request) in SETTING_UP:
            _remember(request)
        return answer

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        name = _name(request)
        user = request.user
        if not isinstance(user, User) or name in OPEN_TO_ALL:
            return None
        steps = taken(get_authentication_records(request, user))
        steps.update(request.session.get(SET_UP_HERE, []))
        verdict = judge(user, steps, required=not settings.NEWSROOM.demonstration)
        if verdict is Verdict.SIGN_IN_AGAIN:
            logout(request)
            return redirect("account_login")
        if verdict is Verdict.SET_UP and name not in OPEN and not name.startswith("mfa_"):
            messages.info(request, "Whoever may publish signs in with a second step. Choose one.")
            return redirect("mfa_index")
        return None


class SayWhatIsMissing:
    """Turn a refusal to publish into a sentence, where the CMS has no form to show it in.

    That is so when several articles are published from a list, and when one is approved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ValidationError) or request.method != "POST":
            return None
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("wagtailadmin_home")


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name if match else None) or ""


def _remember(request: HttpRequest) -> None:
    """Remember the steps that this very session set up; it need not take them again."""
    if isinstance(request.user, User):
        request.session[SET_UP_HERE] = [step.pk for step in second_steps(request.user)]
