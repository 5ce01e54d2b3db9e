"""The counter's doors for "remind me later": a letter, and a calendar file."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import theme
from tamizdat.readers.counter.admission import admission
from tamizdat.readers.counter.admission.price import Price
from tamizdat.readers.counter.answers import page, shut
from tamizdat.readers.counter.away import or_away
from tamizdat.readers.counter.sealed_forms import sealed_record
from tamizdat.readers.counter.submissions import take_in
from tamizdat.readers.counter.views import not_found
from tamizdat.readers.mailboxes import addresses
from tamizdat.readers.sealing import AddressError
from tamizdat.readers.sealing.records import Record
from tamizdat.support.counter.calendar_file import calendar_file
from tamizdat.support.wishes.reminder_month import offered
from tamizdat.support.wishes.reminders import KIND, Reminder, written


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
    price = admission.refusal(request, "remind", typed)
    if price:
        return _form(language, typed=typed, price=price)
    month = offered(clock.now().date())
    wish = Record(KIND, address, language, written(Reminder(due=month)))
    take_in("remind", {"sealed": sealed_record(wish, at_once=False)})
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


def _form(
    language: str, problem: str = "", typed: str = "", price: Price | None = None
) -> HttpResponse:
    return page(
        "counter/remind.html",
        language,
        status=422 if problem else 200,
        price=price,
        problem=problem,
        typed=typed,
        month_due=offered(clock.now().date()),
    )


def _newsroom() -> Newsroom:
    newsroom: Newsroom = settings.NEWSROOM
    return newsroom
