from collections.abc import Callable
from contextlib import AbstractContextManager
from traceback import walk_tb
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.defaults import page_not_found, permission_denied

from tamizdat.desk.accounts import guess_limit
from tamizdat.desk.accounts.actions import sessions
from tamizdat.desk.accounts.sign_in import Verdict, has_second_step, judge
from tamizdat.desk.forms.ended_session import led_away
from tamizdat.desk.refusing import refuse_if

# What somebody needs who has yet to set up a second step.
OPEN = frozenset({"account_reauthenticate", "account_logout", "wagtailadmin_logout"})
OPEN_TO_ALL = frozenset({"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"})
HOW_TO_SIGN_IN = "/account/"
OWN_SETTINGS = "/desk/account/"
ACCOUNTS = ("/desk/users/", "/desk/groups/", "/desk/bulk/auth/")
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})  # Django takes a PUT for a POST
SET_UP = "Whoever may do more than write drafts signs in with a second step. Choose one."
BROKEN = 500
NO_NUMBER = (ValueError, OverflowError, DataError)
OF_THE_DATABASE = ("django.db.", "sqlite3", "psycopg", "tamizdat.site.backends.")


class SecondStep:
    """Let nobody work whose session lacks the second step that they have, or must have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, at = request.user, request.path_info
        if request.method not in CHANGES or not isinstance(user, User):
            return self.get_response(request)
        if at.startswith(HOW_TO_SIGN_IN):
            return guess_limit.answer(request, user, lambda: self._change(request, user))
        if at.startswith(OWN_SETTINGS):
            return self._held(request, sessions.one_change_at_a_time(user))
        if at.startswith(ACCOUNTS):
            return self._held(request, sessions.one_change_of_any_at_a_time(user))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        name = _name(request)
        user = request.user
        if not isinstance(user, User) or name in OPEN_TO_ALL:
            return None
        shown = sessions.shown(request.session, user)
        verdict = judge(user, shown, required=not settings.NEWSROOM.demonstration)
        if verdict is Verdict.SIGN_IN_AGAIN:
            logout(request)
            return redirect("account_login")
        if name in OPEN or name.startswith("mfa_"):
            return None
        if verdict is Verdict.SET_UP:
            messages.info(request, SET_UP)
            return led_away(redirect("mfa_index"), SET_UP)
        if verdict is Verdict.NO_DESK and name != "account_change_password":
            return led_away(permission_denied(request, PermissionDenied()))
        return None

    def _change(self, request: HttpRequest, user: User) -> HttpResponse:
        """Answer a form about signing in; what this request changed is its own session's.

        Nobody else can change it meanwhile, so the difference is what this request did: a form
        that was refused made none, and what another session made ends this one.
        """
        with sessions.one_change_at_a_time(user) as now:
            if now is None:
                return self._as(now, request)
            before = sessions.shown(request.session, user)
            had = has_second_step(user)
            answer = self._as(now, request)
            if answer.status_code < BROKEN and before.password and request.user == user:
                made = not had and has_second_step(user)
                _keep(request, user, stepped=before.second_step or made)
        return answer

    def _held(
        self, request: HttpRequest, hold: AbstractContextManager[User | None]
    ) -> HttpResponse:
        """Answer a form that changes an account; session and rights are judged while it is held."""
        with hold as now:
            return self._as(now, request)

    def _as(self, now: User | None, request: HttpRequest) -> HttpResponse:
        """Answer a request of somebody as they are now, whole or not at all."""
        request.user = now or AnonymousUser()
        answer = self.get_response(request)
        if answer.status_code >= BROKEN:
            transaction.set_rollback(True)
        return answer


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
        return refuse_if(request, error.messages)


class NumbersThatAreNone:
    """Answer an address with a value that cannot be what it stands for as one that leads nowhere.

    The CMS hands many values of an address to the database unchecked: letters for a number, or a
    number that no column holds. What a form sends is checked by the form, and not forgiven here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        typed = request.GET or (match and (match.args or match.kwargs))
        if typed and isinstance(error, NO_NUMBER) and _is_of_the_database(error):
            return page_not_found(request, error)
        return None


def _is_of_the_database(error: Exception) -> bool:
    """Return whether the database's part of Django raised it, by itself or by converting a date."""
    names = [frame.f_globals.get("__name__", "") for frame, _line in walk_tb(error.__traceback__)]
    at_work = [name for name in names if name != "django.utils.timezone"]
    return bool(at_work and at_work[-1].startswith(OF_THE_DATABASE))


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name if match else None) or ""


def _keep(request: HttpRequest, user: User, *, stepped: bool) -> None:
    if not sessions.shown(request.session, user).password:
        sessions.keep(request.session, user, stepped=stepped and has_second_step(user))
