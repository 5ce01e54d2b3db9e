"""The mailbox on screen, for staff."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tamizdat.letters import mailbox
from tamizdat.letters.issue_views import letter_frame
from tamizdat.letters.mailbox import Kept

staff_only = permission_required("wagtailadmin.access_admin", login_url="account_login")


@staff_only
def index(request: HttpRequest) -> HttpResponse:
    newsroom = settings.NEWSROOM
    shown = {"letters": mailbox.newest(newsroom.data / "mailbox"), "open": None}
    return render(request, "letters/mailbox.html", {**shown, "newsroom": newsroom})


@staff_only
def letter(request: HttpRequest, name: str) -> HttpResponse:
    newsroom = settings.NEWSROOM
    shown = {"letters": mailbox.newest(newsroom.data / "mailbox"), "open": _kept(name)}
    return render(request, "letters/mailbox.html", {**shown, "newsroom": newsroom})


@staff_only
def html(_request: HttpRequest, name: str) -> HttpResponse:
    """Show a letter's HTML half, alone in a frame that may do nothing but open links."""
    return letter_frame(_kept(name).html)


def _kept(name: str) -> Kept:
    kept = mailbox.one(settings.NEWSROOM.data / "mailbox", name)
    if kept is None:
        raise Http404
    return kept
