"""The counter's doors for giving: from the edition's form to the till's payment page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.counter.admission import admission
from tamizdat.readers.counter.admission.price import Price
from tamizdat.readers.counter.answers import page
from tamizdat.readers.counter.views import not_found
from tamizdat.support.appeals import appealing, published
from tamizdat.support.appeals.wording import Wording, country_names, filled
from tamizdat.support.counter import asked
from tamizdat.support.counter.asked import Asked, AskedError
from tamizdat.support.till_client import RefusedError, Till, TillAwayError, TillBusyError


def give(request: HttpRequest, language: str) -> HttpResponse:
    """Take what the edition's form says and show what has to be known and declared first."""
    newsroom = _newsroom()
    if language not in newsroom.languages:
        return not_found(request)
    if newsroom.policy(language, None) == "never" or request.method != "POST":
        return _ask(request, language)
    try:
        wanted = asked.read(request.POST, newsroom.support)
    except AskedError as error:
        return _ask(request, language, error.problem)
    return _declaration(language, wanted)


def declare(request: HttpRequest, language: str) -> HttpResponse:
    """Take the declaration and lead on to the till. Nothing is written here."""
    newsroom = _newsroom()
    if language not in newsroom.languages:
        return not_found(request)
    if newsroom.policy(language, None) == "never" or request.method != "POST":
        return _ask(request, language)
    try:
        wanted = asked.read(request.POST, newsroom.support)
    except AskedError as error:
        return _ask(request, language, error.problem)
    if request.POST.get("declared") != "yes":
        return _declaration(language, wanted, "missing")
    price = admission.refusal(request, "declare")
    if price:
        return _declaration(language, wanted, price=price)
    return _begin(request, language, wanted)


def _begin(request: HttpRequest, language: str, wanted: Asked) -> HttpResponse:
    try:
        address = Till.of(_newsroom(), "counter").begin(wanted.money, wanted.interval, language)
    except TillBusyError:
        return _declaration(language, wanted, price=admission.price(request, "declare"))
    except (TillAwayError, RefusedError):
        return page("counter/away.html", language, status=503, nothing_charged=True)
    answer = HttpResponse(status=303)
    answer["Location"] = address
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _ask(request: HttpRequest, language: str, problem: str = "") -> HttpResponse:
    """Show the ask again, or for the first time to who followed a link to the counter."""
    newsroom = _newsroom()
    return page(
        "counter/give.html",
        language,
        status=422 if problem else 200,
        problem=problem,
        least=newsroom.support.least,
        most=newsroom.support.most,
        ask_policy=newsroom.policy(language, None),
        interval=asked.interval(request.POST) if problem else "month",
        read_first_href=_read_first(language),
        **appealing.context(newsroom, language, published.read(language)),
    )


def _declaration(
    language: str, wanted: Asked, problem: str = "", price: Price | None = None
) -> HttpResponse:
    newsroom = _newsroom()
    return page(
        "counter/declaration.html",
        language,
        status=422 if problem else 200,
        price=price,
        wanted=wanted,
        wording=_wording(language),
        problem=problem,
        careful=newsroom.policy(language, None) == "careful",
        read_first_href=_read_first(language),
    )


def _wording(language: str) -> Wording:
    newsroom = _newsroom()
    countries = country_names(newsroom.support.refused_countries, language)
    name = newsroom.in_language(language).name
    return filled(published.read(language), name, countries)


def _read_first(language: str) -> str:
    return f"{_newsroom().addresses.edition}/{language}/support.html#read-first"


def _newsroom() -> Newsroom:
    newsroom: Newsroom = settings.NEWSROOM
    return newsroom
