"""A newsletter to which readers subscribe is not deleted.

Subscriptions and sign-ups belong to another room and hold its code as text, so the database
knows of no use.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from tamizdat.desk.refusing import refuse_if
from tamizdat.letters.models import Newsletter
from tamizdat.readers import subscribers

USED = (
    "Readers subscribe to “{newsletter}” ({active}) or are about to ({waiting}), so it cannot be "
    "deleted. Untick “Offered” instead."
)


def refuse_deletion(
    request: HttpRequest, asked: Iterable[Any], at: datetime
) -> HttpResponse | None:
    """Say to which of these readers subscribe, instead of deleting any; None if to none."""
    reasons = [_why_not(each, at) for each in asked if isinstance(each, Newsletter)]
    return refuse_if(request, reasons, Newsletter.snippet_viewset.get_url_name("list"))


def _why_not(newsletter: Newsletter, at: datetime) -> str:
    active = subscribers.active(newsletter.code)
    waiting = subscribers.waiting(newsletter.code, at)
    if not active and not waiting:
        return ""
    return USED.format(newsletter=newsletter, active=active, waiting=waiting)
