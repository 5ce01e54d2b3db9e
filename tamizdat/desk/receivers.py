"""The one file of signal receivers: whoever opens a session, the desk notes its epoch."""

from typing import Any

from django.contrib.auth.signals import user_logged_in

from tamizdat.desk.actions import sessions


def connect() -> None:
    """Listen to Django: it tells of every session, whichever view opened it."""
    user_logged_in.connect(_signed_in, dispatch_uid="desk.signed_in")


def _signed_in(request: Any, user: Any, **_said: Any) -> None:
    sessions.open_session(request, user)
