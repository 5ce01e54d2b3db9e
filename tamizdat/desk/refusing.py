"""Refuse what somebody asked for at the desk, in sentences on the page that they see next."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

HOME = "wagtailadmin_home"


def refuse(request: HttpRequest, why: str, to: str = HOME, *arguments: object) -> HttpResponse:
    """Return the way to another page, which says why nothing was done.

    `to` is the name of that page, `arguments` are those of its address.
    """
    messages.error(request, why)
    return redirect(to, *arguments)


def refuse_if(request: HttpRequest, reasons: Iterable[str], to: str = HOME) -> HttpResponse | None:
    """Refuse with all these sentences; return None if there are none. Empty ones do not count."""
    said = [each for each in reasons if each]
    for each in said:
        messages.error(request, each)
    return redirect(to) if said else None


def who(user: Any) -> str:
    """Return a colleague's name for such a sentence."""
    return str(user.get_full_name() or user) if user else "Somebody"
