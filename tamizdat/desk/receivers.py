"""The one file of signal receivers: of sessions, whichever view opened them, and of pictures."""

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_delete

from tamizdat.desk.actions import pictures, sessions
from tamizdat.desk.models import Picture


def connect() -> None:
    """Listen to Django: it tells of every session, and of every picture that is deleted."""
    user_logged_in.connect(_signed_in, dispatch_uid="desk.signed_in")
    post_delete.connect(_deleted, sender=Picture, dispatch_uid="desk.picture_deleted")


def _signed_in(request: Any, user: Any, **_said: Any) -> None:
    sessions.open_session(request, user)


def _deleted(instance: Picture, **_said: Any) -> None:
    """Delete its sizes with it; what a crash leaves is tidied away within two days."""
    transaction.on_commit(partial(pictures.forget_sizes, instance.digest), robust=True)
