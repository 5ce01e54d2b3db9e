"""The counter's pages of a contribution: thanks, a receipt, seeing it, stopping it."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.counter.admission import admission
from tamizdat.readers.counter.answers import page
from tamizdat.readers.counter.away import or_away
from tamizdat.readers.counter.sealed_forms import sealed_record
from tamizdat.readers.counter.submissions import InDoubtError, take_in
from tamizdat.readers.counter.views import not_found
from tamizdat.readers.mailboxes import addresses
from tamizdat.readers.sealing import AddressError
from tamizdat.readers.sealing.records import Record
from tamizdat.support.till_client import (
    AlreadyWishedError,
    ContributionStatus,
    RefusedError,
    Till,
    TillAwayError,
)
from tamizdat.support.tokens import is_token
from tamizdat.support.wishes.receipts import KIND

UNWISH_S = 3.0  # what the reader waits for it


def thanks(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Say thanks, give the link to keep, and offer a receipt."""
    return _show(request, language, token, "counter/thanks.html")


def manage(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a contribution to who holds its token; a POST stops it. No address is needed."""
    return _show(request, language, token, "counter/manage.html")


@or_away
def receipt(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Take an address to send a receipt to: sealed at once with the contribution's token."""
    if language not in _newsroom().languages or not is_token(token) or request.method != "POST":
        return not_found(request)
    typed = request.POST.get("address", "").strip()[:254]
    try:
        address = addresses.read(typed)
    except AddressError:
        return _show(
            request, language, token, "counter/thanks.html", problem="address", typed=typed
        )
    price = admission.refusal(request, "receipt", typed)
    if price:
        return _show(request, language, token, "counter/thanks.html", typed=typed, price=price)
    name = secrets.token_hex(16)
    number, problem = _wish(token, name)
    if problem:
        return _no_receipt(request, language, token, problem)
    with _unwished_if_not_kept(token, name):
        _keep(request, language, address, {"token": token, "wish": number})
    return page("counter/receipt_sent.html", language, address=address)


def _keep(request: HttpRequest, language: str, address: str, said: Mapping[str, Any]) -> None:
    wish = {
        **said,
        "asked": clock.now().date().isoformat(),
        "each": request.POST.get("each") == "yes",
    }
    record = Record(KIND, address, language, wish)
    take_in("receipt", {"sealed": sealed_record(record, at_once=True)})


def _wish(token: str, name: str) -> tuple[int, str]:
    """Let the till note the wish. Return its number, or 0 and why there will be no receipt.

    The till notes it before it is taken in here, so that of many forms that are sent at once
    none gets past it. Where its answer was lost the wish is taken back. If this process dies in
    between, the reader corrects the wish.
    """
    try:
        number = _till().wish(token, name)
    except AlreadyWishedError:
        return 0, "wished"
    except TillAwayError:
        _unwish(token, name)
        return 0, "away"
    except RefusedError:
        return 0, "away"
    return (number, "") if number else (0, "unknown")


@contextmanager
def _unwished_if_not_kept(token: str, name: str) -> Iterator[None]:
    """Take the wish back where nothing was kept: who reads that it was not may ask again.

    Where nobody knows it stays: the reader corrects it. If the till is away now, so do they.
    """
    try:
        yield
    except InDoubtError:
        raise
    except Exception:
        _unwish(token, name)
        raise


def _unwish(token: str, name: str) -> None:
    """Take a wish back, if the till answers soon: somebody waits for the page."""
    with suppress(TillAwayError, RefusedError):
        Till.of(_newsroom(), "counter", UNWISH_S).unwish(token, name)


def _no_receipt(request: HttpRequest, language: str, token: str, problem: str) -> HttpResponse:
    if problem == "away":
        return page("counter/away.html", language, status=503, nothing_charged=False)
    if problem == "unknown":
        return page("counter/no_contribution.html", language, status=404)
    return _show(request, language, token, "counter/thanks.html", problem=problem)


def _show(
    request: HttpRequest, language: str, token: str, template: str, **said: Any
) -> HttpResponse:
    if language not in _newsroom().languages or not is_token(token):
        return not_found(request)
    stopping = template == "counter/manage.html" and request.method == "POST"
    if stopping:
        said["price"] = admission.refusal(request, "stop")
        stopping = said["price"] is None
    try:
        contribution = _ask_till(token, stopping=stopping)
    except (TillAwayError, RefusedError):
        return page("counter/away.html", language, status=503, nothing_charged=False)
    if contribution is None:
        return page("counter/no_contribution.html", language, status=404)
    address = f"{_newsroom().addresses.counter}/{language}/manage/{token}"
    return page(
        template,
        language,
        status=422 if said.get("problem") else 200,
        contribution=contribution,
        manage_href=address,
        receipt_action=f"/{language}/receipt/{token}",
        stopping=stopping,
        each=request.POST.get("each") == "yes",
        **{"problem": "", "typed": "", **said},
    )


def _ask_till(token: str, *, stopping: bool) -> ContributionStatus | None:
    till = _till()
    return till.stop(token) if stopping else till.show(token)


def _till() -> Till:
    return Till.of(_newsroom(), "counter")


def _newsroom() -> Newsroom:
    newsroom: Newsroom = settings.NEWSROOM
    return newsroom
