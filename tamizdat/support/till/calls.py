"""The till's calls: JSON in, JSON out. Only the counter, the desk and a service make them.

The counter's key opens `begin`, `manage`, `wish` and `unwish`; the desk's key opens these and
`status`. What opens a contribution is its token, never the hash that stands in the books: a look-up
by hash takes the desk's key.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tamizdat.lib import clock
from tamizdat.lib.money import Money
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.counter.bucket import Bucket
from tamizdat.support import call_keys, tokens
from tamizdat.support.call_keys import Caller
from tamizdat.support.providers.base import INTERVALS, ForgedWebhookError, ProviderError
from tamizdat.support.providers.chosen import provider
from tamizdat.support.till import actions, drafts, sealed, standing, sums
from tamizdat.support.till.corrections import corrections
from tamizdat.support.till.paying import checkout
from tamizdat.support.till.states import NOTHING_CAME

# The counter, which alone may begin, asks a price long before (readers/counter/admission/).
begun_a_minute = Bucket(most=1_500, a_minute=600)


class NoCallError(Exception):
    """The caller said something that this call does not know."""


Answer = Callable[[Mapping[str, Any]], JsonResponse]


def call(*callers: Caller) -> Callable[[Answer], Any]:
    """Make an entry point of a function of a JSON object, for these callers.

    Without their key the answer is 403, before a byte of the body is read and before any limit
    is spent. What cannot be read is refused with 400. No cookie ever reaches the till, so
    there is nothing that a forged form could ride on.
    """

    def entry(answer: Answer) -> Any:
        @csrf_exempt
        @require_POST
        def checked(request: HttpRequest) -> HttpResponse:
            given = request.headers.get("Authorization", "")
            if not call_keys.fits(settings.NEWSROOM.keys, callers, given):
                return JsonResponse({"error": "key"}, status=403)
            try:
                return answer(_read(request.body))
            except NoCallError as error:
                return JsonResponse({"error": str(error)}, status=400)

        return checked

    return entry


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:  # the second for brackets in brackets
        raise NoCallError("not JSON") from error
    if not isinstance(said, dict):
        raise NoCallError("not an object")
    return said


@call("counter", "desk")
def begin(said: Mapping[str, Any]) -> JsonResponse:
    """Take an amount, an interval and a language; answer with the address of the payment page."""
    newsroom: Newsroom = settings.NEWSROOM
    money = _money(said, newsroom)
    interval, language = said.get("interval"), said.get("language")
    if interval not in INTERVALS:
        raise NoCallError("interval")
    if language not in newsroom.languages:
        raise NoCallError("language")
    if not begun_a_minute.take(time.monotonic()):
        return JsonResponse({"error": "busy"}, status=429)
    draft = drafts.begin(money, interval, language, clock.now())
    text = sealed.seal(draft, "pay", newsroom.keys)
    return JsonResponse({"pay": f"{newsroom.addresses.till}/pay/{text}"})


def _money(said: Mapping[str, Any], newsroom: Newsroom) -> Money:
    minor, currency = said.get("amount"), said.get("currency")
    limits = newsroom.support
    if currency != limits.currency:
        raise NoCallError("currency")
    if type(minor) is not int or not limits.least <= minor <= limits.most:
        raise NoCallError("amount")
    return Money(minor, limits.currency)


@call("desk")
def status(said: Mapping[str, Any]) -> JsonResponse:
    """Answer how the contribution of a token's hash stands, or how support is this month."""
    if "token_hash" in said:
        contribution = standing.of_token(_hash(said))
        return JsonResponse(standing.show(contribution)) if contribution else _unknown()
    if said.get("sums") is True:
        return JsonResponse(sums.of_month(clock.now()))
    raise NoCallError("token_hash")


@call("counter", "desk")
def manage(said: Mapping[str, Any]) -> JsonResponse:
    """Show or stop the contribution of a token. The wish to stop is kept before it is done."""
    token_hash = _hash_of_token(said)
    if said.get("do") not in ("show", "stop"):
        raise NoCallError("do")
    contribution = standing.of_token(token_hash)
    if contribution is None:
        return _unknown()
    ours = checkout()
    if said["do"] == "stop":
        for one in actions.ask_to_stop(token_hash):
            ours.stop(one)
    following = standing.next_charge(contribution, ours.provider)
    return JsonResponse(standing.show(standing.of_token(token_hash) or contribution, following))


@call("counter", "desk")
def wish(said: Mapping[str, Any]) -> JsonResponse:
    """Note that a receipt is wished for the contribution of a token, and answer its number, 1 or 2.

    A contribution has one wish, and one correction within an hour of it. The next one is refused
    with 409, so that nobody can have letters sent to a list of addresses. The caller's name for
    the wish is what takes it back.
    """
    token_hash, name, at = _hash_of_token(said), _name(said), clock.now()
    contribution = standing.of_token(token_hash)
    if contribution is None or contribution.state in NOTHING_CAME:
        return _unknown()
    noted = actions.wish_receipt(token_hash)
    number = corrections.spend(token_hash, name, at, noted=noted)
    if number is not None:
        return JsonResponse({"wish": number})
    if noted:
        _unwish_in_books(token_hash)
    return JsonResponse({"error": "wished"}, status=409)


@call("counter", "desk")
def unwish(said: Mapping[str, Any]) -> JsonResponse:
    """Take back a wish of the last hour, by its name. Others stay.

    The counter could not keep it, or never heard its number. One that is still on its way is
    refused when it arrives.

    Who broke into the counter gets no letter by that: the records that it seals may hold any
    number, and the desk counts the letters of each mailbox (`letters/delivery/quota.py`).
    """
    token_hash = _hash_of_token(said)
    if corrections.give_back(token_hash, _name(said), clock.now()):
        _unwish_in_books(token_hash)
    return JsonResponse({})


def _unwish_in_books(token_hash: str) -> None:
    """Have the books forget a wish. What they cannot forget is remembered in memory.

    What fills the counter's disk fills the till's; its giver may ask again all the same.

    Raises:
        django.db.Error: they could not.
    """
    try:
        actions.unwish_receipt(token_hash)
    except DatabaseError:
        corrections.keep_in_mind(token_hash)
        raise


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, name: str) -> HttpResponse:
    """Hear that something happened at the service, and ask it what.

    No event is remembered: asking twice changes nothing. While the service cannot be asked
    the answer is 503, so that it tells us again later.
    """
    newsroom = settings.NEWSROOM
    if name != newsroom.support.provider:
        return JsonResponse({"error": "unknown"}, status=404)
    service = provider(newsroom)
    try:
        for hint in service.read_webhook(request.headers, request.body):
            actions.apply_snapshot(name, service.fetch(hint.ref))
    except ForgedWebhookError:
        return JsonResponse({"error": "signature"}, status=400)
    except ProviderError as error:
        return JsonResponse({"error": "later" if error.retry else "unknown"}, status=503)
    return JsonResponse({})


def _hash(said: Mapping[str, Any]) -> str:
    given = said.get("token_hash")
    if not isinstance(given, str) or not tokens.is_digest(given):
        raise NoCallError("token_hash")
    return given


def _hash_of_token(said: Mapping[str, Any]) -> str:
    given = said.get("token")
    if not isinstance(given, str) or not tokens.is_token(given):
        raise NoCallError("token")
    return tokens.digest(given)


def _name(said: Mapping[str, Any]) -> str:
    """Return the name that the caller gave a wish: 32 digits of chance, kept for an hour."""
    given = said.get("name")
    if not isinstance(given, str) or not re.fullmatch("[0-9a-f]{32}", given):
        raise NoCallError("name")
    return given


def _unknown() -> JsonResponse:
    return JsonResponse({"error": "unknown"}, status=404)
