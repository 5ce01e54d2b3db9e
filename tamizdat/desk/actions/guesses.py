"""Wrong passwords, codes and passkeys in an open session: too many end it.

They are noted where each is checked, not read from the answer: a page answers the same refusal
with 200, 302 or 400, as the browser asked for it.
"""

from allauth.core import context
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from tamizdat.desk.actions import sessions

MOST = 5
COUNT = "desk_wrong_guesses"
NOTED = "desk_wrong_guess"


def note() -> None:
    """Note that what was typed in the request at work is wrong."""
    setattr(context.request, NOTED, True)


def was_wrong(request: HttpRequest) -> bool:
    """Return whether a wrong password, code or passkey came with this request."""
    return bool(getattr(request, NOTED, False))


def are_too_many(session: SessionBase, user: User) -> bool:
    """Count one more wrong guess of this session; return whether it has to end.

    The count is read anew: requests that were sent together loaded the session before any of
    them was counted. It is kept at once, because Django keeps no session whose page is broken.
    """
    with sessions.one_change_at_a_time(user):
        kept = type(session)(session.session_key)
        wrong = kept.get(COUNT, 0) + 1
        is_over = kept.session_key is None or wrong >= MOST
        if not is_over:
            session[COUNT] = wrong
            session.save()
    return is_over
