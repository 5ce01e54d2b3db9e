"""Whoever guesses in an open session loses it: wrong ones are noted, counted, and end it.

They are noted where each is checked, not read from the answer: a page answers the same refusal
with 200, 302 or 400, as the browser asked for it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import context
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from tamizdat.desk.accounts.actions import wrong_guesses
from tamizdat.desk.refusing import refuse

TOO_MANY = "You are signed out: there were too many wrong guesses. Please sign in again."
OLD = "You are signed out: your session is from before an update. Please sign in again."
NOTED = "desk_wrong_guess"


def note() -> None:
    """Note that what was typed in the request at work is wrong."""
    setattr(context.request, NOTED, True)


def counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Count the wrong guesses that a view notes; whoever is let in there is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        return answer(request, request.user, lambda: view(request, *args, **kwargs))

    return guarded


def answer(request: HttpRequest, user: User, judge: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer to a form that takes a secret; after too many wrong ones end the session.

    Args:
        request: What came in.
        user: Whose session it is.
        judge: Makes the answer. It is not asked in a session that has no guess left.
    """
    session = wrong_guesses.name_of(request.session)
    if not wrong_guesses.take(session, user):
        return _end(request, session)
    try:
        said = judge()
    finally:
        was_wrong = bool(getattr(request, NOTED, False))
        if not was_wrong:
            wrong_guesses.give_back(session)
    return _end(request, session) if was_wrong and wrong_guesses.are_spent(session) else said


def _end(request: HttpRequest, session: str) -> HttpResponse:
    logout(request)
    wrong_guesses.forget(session)
    return refuse(request, TOO_MANY if session else OLD, "account_login")
