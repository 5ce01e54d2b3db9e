"""The counter's doors for what is answered to a letter: remind me again, or no more of this."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.counter.admission import admission
from tamizdat.readers.counter.answers import page
from tamizdat.readers.counter.away import or_away
from tamizdat.readers.counter.submissions import take_in
from tamizdat.readers.counter.views import not_found
from tamizdat.support.tokens import digest, is_token


@dataclass(frozen=True, slots=True)
class Doing:
    """What a press does: the kind of submission, its limit, and the template of its page."""

    kind: str
    limit: str
    template: str


@or_away
def again(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a button; pressing it asks for one more letter. No address is needed."""
    return _answered(request, language, token, Doing("remind_again", "again", "remind_again"))


@or_away
def cancel(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a button; pressing it cancels. Programs that open every link cancel nothing."""
    return _answered(request, language, token, Doing("cancel_reminder", "cancel", "remind_cancel"))


@or_away
def no_receipts(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a button; pressing it ends the receipts of a contribution for good."""
    return _answered(request, language, token, Doing("cancel_receipts", "cancel", "receipt_cancel"))


def _answered(request: HttpRequest, language: str, token: str, what: Doing) -> HttpResponse:
    """Take in what somebody answers to a letter, once the button is pressed."""
    newsroom: Newsroom = settings.NEWSROOM
    if language not in newsroom.languages or not is_token(token):
        return not_found(request)
    if request.method != "POST":
        return page(f"counter/{what.template}.html", language)
    price = admission.refusal(request, what.limit)
    if price:
        return page(f"counter/{what.template}.html", language, price=price)
    take_in(what.kind, {"token": digest(token)})
    return page(f"counter/{what.template}_done.html", language)
