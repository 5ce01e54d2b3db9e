"""The counter's doors for a gift that was given: thanks, a receipt, seeing it, stopping it."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers import addresses
from tamizdat.readers.counter.answers import page
from tamizdat.readers.counter.away import or_away
from tamizdat.readers.counter.bucket import Bucket
from tamizdat.readers.counter.envelopes import take_in
from tamizdat.readers.counter.sealed_forms import sealed_record
from tamizdat.readers.counter.views import not_found
from tamizdat.readers.records import Record
from tamizdat.readers.sealing import AddressError
from tamizdat.support.receipts import KIND
from tamizdat.support.till_client import RefusedError, Standing, Till, TillAwayError
from tamizdat.support.tokens import is_token

receipts_a_minute = Bucket(most=20, a_minute=10)


def thanks(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Say thanks, give the link to keep, and offer a receipt."""
    return _show(request, language, token, "counter/thanks.html")


def manage(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a gift to who holds its token; a POST stops it. No address is needed."""
    return _show(request, language, token, "counter/manage.html")


@or_away
def receipt(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Take an address to send a receipt to: sealed at once with the contribution's token."""
    if language not in _newsroom().languages or not is_token(token) or request.method != "POST":
        return not_found(request)
    try:
        address = addresses.read(request.POST.get("address", "")[:254])
    except AddressError:
        return _show(request, language, token, "counter/thanks.html", problem="address")
    if not receipts_a_minute.take(time.monotonic()):
        return _show(request, language, token, "counter/thanks.html", problem="busy")
    wish = {
        "token": token,
        "asked": clock.now().date().isoformat(),
        "each": request.POST.get("each") == "yes",
    }
    record = Record(KIND, address, language, wish)
    take_in("receipt", {"sealed": sealed_record(record, at_once=True)})
    return page("counter/receipt_sent.html", language, address=address)


def _show(
    request: HttpRequest, language: str, token: str, template: str, problem: str = ""
) -> HttpResponse:
    if language not in _newsroom().languages or not is_token(token):
        return not_found(request)
    stopping = template == "counter/manage.html" and request.method == "POST"
    try:
        gift = _ask_till(token, stopping=stopping)
    except (TillAwayError, RefusedError):
        return page("counter/away.html", language, status=503, nothing_charged=False)
    if gift is None:
        return page("counter/no_gift.html", language, status=404)
    address = f"{_newsroom().addresses.counter}/{language}/manage/{token}"
    return page(
        template,
        language,
        status=422 if problem else 200,
        gift=gift,
        manage_href=address,
        receipt_action=f"/{language}/receipt/{token}",
        stopping=stopping,
        problem=problem,
    )


def _ask_till(token: str, *, stopping: bool) -> Standing | None:
    till = Till(_newsroom().addresses.till)
    return till.stop(token) if stopping else till.show(token)


def _newsroom() -> Newsroom:
    newsroom: Newsroom = settings.NEWSROOM
    return newsroom
