from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tamizdat.desk.sign_in import Verdict, judge

# What somebody needs who has yet to set up a second step.
OPEN = frozenset({"account_reauthenticate", "account_logout", "wagtailadmin_logout"})
OPEN_TO_ALL = frozenset({"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"})


class SecondStep:
    """Let nobody work whose session lacks the second step that they have, or must have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        match = request.resolver_match
        name = (match.url_name if match else None) or ""
        if not user.is_authenticated or name in OPEN_TO_ALL:
            return None
        required = not settings.NEWSROOM.demonstration
        verdict = judge(user, get_authentication_records(request), required=required)
        if verdict is Verdict.SIGN_IN_AGAIN:
            logout(request)
            return redirect("account_login")
        if verdict is Verdict.SET_UP and name not in OPEN and not name.startswith("mfa_"):
            messages.info(request, "Whoever may publish signs in with a second step. Choose one.")
            return redirect("mfa_index")
        return None
