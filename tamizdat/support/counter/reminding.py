"""The counter's doors for "remind me later": a letter, a calendar file, and taking it back."""

import time
from base64 import b64encode
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import theme
from tamizdat.readers import addresses
from tamizdat.readers.counter import published
from tamizdat.readers.counter.answers import or_away, page, shut
from tamizdat.readers.counter.bucket import Bucket
from tamizdat.readers.counter.envelopes import take_in
from tamizdat.readers.counter.stamp import Stamps
from tamizdat.readers.counter.views import not_found
from tamizdat.readers.sealing import AddressError, seal
from tamizdat.support.counter.calendar_file import calendar_file
from tamizdat.support.reminder_month import offered
from tamizdat.support.tokens import digest, is_token

stamps = Stamps()
without_stamp = Bucket(most=20, a_minute=10)


@or_away
def remind(request: HttpRequest, language: str) -> HttpResponse:
    """Take an address to be reminded at, sealed at once. The answer is the same for everybody."""
    newsroom = _newsroom()
    if language not in newsroom.languages:
        return not_found(request)
    if request.method != "POST":
        return _form(language)
    typed = request.POST.get("address", "").strip()[:254]
    try:
        address = addresses.read(typed)
    except AddressError:
        return _form(language, "address", typed)
    if _is_busy(request.POST.get("stamp", "")[:200], typed):
        return _form(language, "busy", typed)
    month = offered(clock.now().date())
    sealed = seal(address, published.keys().unattended)
    payload = {
        "sealed": {"errand": b64encode(sealed).decode()},
        "month": f"{month:%Y-%m}",
        "language": language,
    }
    take_in("remind", payload)
    return page("counter/reminded.html", language, address=address, month_due=month)


def calendar(request: HttpRequest, language: str) -> HttpResponse:
    """Return a calendar file for the month that would be offered. Nothing is kept."""
    if language not in _newsroom().languages:
        return not_found(request)
    at = clock.now()
    title = theme().text("A small thing to think about", language)
    text = calendar_file(offered(at.date()), title, at)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="reminder.ics"'
    return shut(answer, language)


@or_away
def cancel(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a button; pressing it cancels. Programs that open every link cancel nothing."""
    if language not in _newsroom().languages or not is_token(token):
        return not_found(request)
    if request.method != "POST":
        return page("counter/remind_cancel.html", language)
    take_in("cancel_reminder", {"token": digest(token)})
    return page("counter/remind_cancelled.html", language)


def _form(language: str, problem: str = "", typed: str = "") -> HttpResponse:
    status = {"address": 422, "busy": 429}.get(problem, 200)
    return page(
        "counter/remind.html",
        language,
        status=status,
        problem=problem,
        typed=typed,
        month_due=offered(clock.now().date()),
    )


def _is_busy(stamp: str, address: str) -> bool:
    today = datetime.now(UTC).date()  # the reader's clock is real, even where ours is moved
    if stamps.accept(stamp, "remind", address, today):
        return False
    return not without_stamp.take(time.monotonic())


def _newsroom() -> Newsroom:
    newsroom: Newsroom = settings.NEWSROOM
    return newsroom
