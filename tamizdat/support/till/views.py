"""The till's pages: paying, and coming back from the bank's question."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.counter.answers import page, wished
from tamizdat.support.pretend.cards import CARDS
from tamizdat.support.till import standing
from tamizdat.support.till.drafts import Draft, drafts
from tamizdat.support.till.paying import End, counterpart, end_of
from tamizdat.support.till.states import NOT_SETTLED
from tamizdat.support.tokens import digest

LONGEST_HANDLE = 200


@csrf_exempt
def pay(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show the payment form; take what it posts and charge it, once however often it comes."""
    at = clock.now()
    draft = drafts.find(draft_id, at)
    if draft is None:
        return gone(request)
    handle = request.POST.get("handle", "").strip()[:LONGEST_HANDLE]
    if request.method != "POST" or not handle:
        return _form(draft)
    end = counterpart().attempt(draft, handle, at)
    return _after(end, draft)


def back(request: HttpRequest, name: str) -> HttpResponse:
    """Receive the reader from the bank's question: ask the service what came of it.

    Only the draft knows the manage token. Without the draft nobody here can tell whose gift
    it was; what came of it is settled by the sweep.
    """
    draft = drafts.returning(name, clock.now())
    gift = standing.of_token(digest(draft.token)) if draft is not None else None
    if draft is None or gift is None:
        return gone(request)
    if gift.state in NOT_SETTLED:
        gift = counterpart().refresh(gift)
    return _after(end_of(gift.state, gift.reason), draft)


def gone(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Say that there is nothing to pay here, or not any more."""
    return page("till/gone.html", wished(request), status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return page("till/broken.html", wished(request), status=500)


def _after(end: End, draft: Draft) -> HttpResponse:
    """Show how an attempt ended.

    A refused card is answered with the same 200 as a declined one, so that a log kept by
    something in front of us cannot tell which of its visitors held a listed card.
    """
    onward = {"given": _thanks(draft.token, draft.language), "question": end.address}
    if end.ending in onward:
        return _see(onward[end.ending])
    if end.ending == "refused":
        return page("till/refused.html", draft.language)
    if end.ending == "declined":
        return _declined(end.reason, draft)
    if end.ending in ("away", "mistyped"):
        status = 503 if end.ending == "away" else 422
        return _form(draft, problem=end.ending, status=status)
    return _unsure(draft)


def _declined(reason: str, draft: Draft) -> HttpResponse:
    again = drafts.again(draft)
    if again is not None:
        return _form(again, problem=reason)
    return page("till/declined.html", draft.language, reason=reason)


def _form(draft: Draft, problem: str = "", status: int = 200) -> HttpResponse:
    newsroom = _newsroom()
    return page(
        "till/pay.html",
        draft.language,
        status=status,
        draft=draft,
        problem=problem,
        form=f"till/form/{newsroom.support.provider}.html",
        cards=tuple(CARDS.values()),
    )


def _unsure(draft: Draft) -> HttpResponse:
    counter = _newsroom().addresses.counter
    return page(
        "till/unsure.html",
        draft.language,
        status=202,
        look_again=f"/return/{draft.back}",
        manage_href=f"{counter}/{draft.language}/manage/{draft.token}",
    )


def _thanks(token: str, language: str) -> str:
    return f"{_newsroom().addresses.counter}/{language}/thanks/{token}"


def _see(address: str) -> HttpResponse:
    """Redirect with 303, which makes a GET of a POST, and leave the address in no cache."""
    answer = HttpResponse(status=303)
    answer["Location"] = address
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _newsroom() -> Newsroom:
    newsroom: Newsroom = settings.NEWSROOM
    return newsroom
