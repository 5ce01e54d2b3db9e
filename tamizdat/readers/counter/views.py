"""The counter's doors for letters: signing up, confirming, leaving."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tamizdat.readers import tokens
from tamizdat.readers.counter import published, signing_up
from tamizdat.readers.counter.admission import admission
from tamizdat.readers.counter.admission.price import Price
from tamizdat.readers.counter.answers import page
from tamizdat.readers.counter.away import or_away
from tamizdat.readers.counter.sealed_forms import sealed_sign_up
from tamizdat.readers.counter.signing_up import Problem, SignUp
from tamizdat.readers.counter.submissions import take_in


@or_away
def subscribe(request: HttpRequest, language: str) -> HttpResponse:
    """Take a sign-up in. The answer is the same whether we know the address or not."""
    if language not in settings.NEWSROOM.languages:
        return not_found(request)
    offer = published.offers().offer(language)
    if request.method != "POST":
        chosen = tuple(request.GET.getlist("newsletter"))
        return _form(language, offer, SignUp("", chosen, None))
    sign_up = signing_up.parse(request.POST, offer)
    trouble = signing_up.problem(sign_up)
    if trouble:
        return _form(language, offer, sign_up, trouble)
    price = admission.refusal(request, "subscribe", sign_up.typed)
    if price:
        return _form(language, offer, sign_up, price=price)
    _seal_and_take_in(sign_up, language)
    return page("counter/sent.html", language, address=sign_up.address)


@or_away
def confirm(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a button; pressing it confirms. Programs that open every link confirm nothing."""
    return _by_token(request, language, token, "confirm")


@or_away
def leave(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Show a button; pressing it unsubscribes, and so does a mail program's own (RFC 8058).

    A mail program's POST brings no cookie and follows no redirect, so the answer is the page
    itself (RFC 8058, 3.1).
    """
    return _by_token(request, language, token, "leave")


def not_found(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001  Django asks for it
) -> HttpResponse:
    """Say that there is nothing here, in the language of the address where it has one."""
    return page("counter/notfound.html", _language(request), status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours. What went wrong stands in no log: it may hold an address."""
    return page("counter/broken.html", _language(request), status=500)


def refused(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001  Django asks for it
) -> HttpResponse:
    """Say that we cannot read what was sent: a form that is none of ours, or far too long."""
    return page("counter/broken.html", _language(request), status=400)


def _by_token(request: HttpRequest, language: str, token: str, kind: str) -> HttpResponse:
    if language not in settings.NEWSROOM.languages or not tokens.is_token(token):
        return not_found(request)
    if request.method != "POST":
        return page(f"counter/{kind}.html", language)
    price = admission.refusal(request, kind)
    if price:
        return page(f"counter/{kind}.html", language, price=price)
    take_in(kind, {"token": tokens.digest(token)})
    return page(f"counter/{kind}_done.html", language)


def _seal_and_take_in(sign_up: SignUp, language: str) -> None:
    sealed = sealed_sign_up(sign_up.address, language)
    take_in("subscribe", signing_up.as_payload(sign_up, language, sealed))


def _form(
    language: str,
    offer: published.Offer,
    sign_up: SignUp,
    trouble: Problem | None = None,
    price: Price | None = None,
) -> HttpResponse:
    return page(
        "counter/subscribe.html",
        language,
        status=422 if trouble else 200,
        price=price,
        offer=offer,
        sign_up=sign_up,
        trouble=trouble,
    )


def _language(request: HttpRequest) -> str:
    named = request.path.split("/")[1]
    newsroom = settings.NEWSROOM
    return named if named in newsroom.languages else newsroom.language
