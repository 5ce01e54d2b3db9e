"""The one file of signal receivers: of sessions, of pictures that go, of pages that come out."""

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published

from tamizdat.desk.accounts.actions import sessions
from tamizdat.desk.models import Picture
from tamizdat.desk.models.pictures import forget_sizes
from tamizdat.desk.pages import no_privacy


def connect() -> None:
    """Listen to Django and the CMS, which tell of all of these, whichever view was at work."""
    user_logged_in.connect(_signed_in, dispatch_uid="desk.signed_in")
    post_delete.connect(_deleted, sender=Picture, dispatch_uid="desk.picture_deleted")
    page_published.connect(_published, dispatch_uid="desk.page_published")


def _signed_in(request: Any, user: Any, **_said: Any) -> None:
    sessions.open_session(request, user)


def _deleted(instance: Picture, **_said: Any) -> None:
    """Delete its sizes with it; what a crash leaves is tidied away within two days."""
    transaction.on_commit(partial(forget_sizes, instance.digest), robust=True)


def _published(instance: Page, **_said: Any) -> None:
    no_privacy.unmark(instance)
