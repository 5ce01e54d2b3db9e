"""The mailbox on screen, for admins: it shows readers' addresses, and links that work."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tamizdat.letters import mailbox
from tamizdat.letters.admin.frames import letter_frame
from tamizdat.letters.mailbox import Kept

View = Callable[..., HttpResponse]


def admins_only(view: View) -> View:
    """Show a view to admins; tell everybody else at the desk why not."""

    @login_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_superuser:
            return render(request, "letters/mailbox_closed.html", status=403)
        return view(request, *args, **kwargs)

    return shown


@admins_only
def index(request: HttpRequest) -> HttpResponse:
    newsroom = settings.NEWSROOM
    shown = {"letters": mailbox.newest(newsroom.data / "mailbox"), "open": None}
    return render(request, "letters/mailbox.html", {**shown, "newsroom": newsroom})


@admins_only
def letter(request: HttpRequest, name: str) -> HttpResponse:
    newsroom = settings.NEWSROOM
    shown = {"letters": mailbox.newest(newsroom.data / "mailbox"), "open": _kept(name)}
    return render(request, "letters/mailbox.html", {**shown, "newsroom": newsroom})


@admins_only
def html(_request: HttpRequest, name: str) -> HttpResponse:
    """Show a letter's HTML half, alone in a frame that may do nothing but open links."""
    return letter_frame(_kept(name).html)


def _kept(name: str) -> Kept:
    kept = mailbox.one(settings.NEWSROOM.data / "mailbox", name)
    if kept is None:
        raise Http404
    return kept
