"""A newsletter to which readers subscribe is not deleted.

Subscriptions and sign-ups belong to another room and hold its code as text, so the database
knows of no use.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

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
    refused = False
    for one in asked:
        if not isinstance(one, Newsletter):
            continue
        active, waiting = subscribers.active(one.code), subscribers.waiting(one.code, at)
        if active or waiting:
            said = USED.format(newsletter=one, active=active, waiting=waiting)
            messages.error(request, said)
            refused = True
    listing = Newsletter.snippet_viewset.get_url_name("list")
    return redirect(reverse(listing)) if refused else None
