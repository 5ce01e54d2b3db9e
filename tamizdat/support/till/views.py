"""The till's pages: paying, and coming back from the bank's question."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.counter.admission import admission
from tamizdat.readers.counter.admission.price import Price
from tamizdat.readers.counter.answers import page, wished
from tamizdat.support.pretend.cards import CARDS
from tamizdat.support.till import sealed, standing
from tamizdat.support.till.asking import asking
from tamizdat.support.till.closed import closed
from tamizdat.support.till.drafts import Draft
from tamizdat.support.till.models import Contribution
from tamizdat.support.till.paying import AttemptOutcome, checkout, outcome_of
from tamizdat.support.till.sealed import Way
from tamizdat.support.till.states import GIVEN, NOT_SETTLED, NOTHING_CAME
from tamizdat.support.tokens import digest

LONGEST_HANDLE = 200


@csrf_exempt
def pay(request: HttpRequest, draft_text: str) -> HttpResponse:
    """Show the payment form; take what it posts and charge it, once however often it comes.

    The address leads to what came of the payment, too: who was charged while their connection
    or this process broke loads it again and is led to the thanks page with the manage link.
    """
    at = clock.now()
    draft = _known(draft_text, "pay")
    if draft is None:
        return gone(request)
    contribution = _fresh(draft)
    if contribution is not None and contribution.state in GIVEN:
        return _see(_thanks(draft))
    if not draft.may_pay(at) or closed.has(draft):
        return (
            _after(outcome_of(contribution.state, contribution.reason), draft)
            if contribution
            else gone(request)
        )
    handle = request.POST.get("handle", "").strip()[:LONGEST_HANDLE]
    if request.method != "POST" or not handle:
        return _shown(draft, contribution)
    price = admission.refusal(request, "pay")
    if price:
        return _form(draft, handle=handle, price=price)
    return _after(checkout().attempt(draft, handle, at), draft)


def _shown(draft: Draft, contribution: Contribution | None) -> HttpResponse:
    """Show what the payment page is: paying, waiting, or nothing after too many tries."""
    if contribution is not None and contribution.state == "processing":
        return _unsure(draft)
    return _form(draft) if _may_try(draft) else _declined("unknown", draft)


def back(request: HttpRequest, draft_text: str) -> HttpResponse:
    """Receive the reader from the bank's question: ask the service what came of it.

    The address carries the draft, so that a till that was started meanwhile knows whose
    contribution it was. To the service, which keeps this address beside the card, it says nothing.
    """
    draft = _known(draft_text, "return")
    if draft is None:
        return gone(request)
    contribution = _fresh(draft)
    return (
        _after(outcome_of(contribution.state, contribution.reason), draft)
        if contribution
        else gone(request)
    )


def _known(text: str, way: Way) -> Draft | None:
    """Return the draft of an address, None if it is not ours or too old to lead anywhere.

    A language that the newsroom gave up meanwhile becomes its first: its givers are led on, too.
    """
    newsroom = _newsroom()
    draft = sealed.opened(text, way, newsroom.keys)
    if draft is None or not draft.is_known(clock.now()):
        return None
    return draft if draft.language in newsroom.languages else draft.in_language(newsroom.language)


def _fresh(draft: Draft) -> Contribution | None:
    """Return what stands of a draft, after asking the service if it is not settled.

    Not asking too often changes little: the sweep asks about every contribution that is not
    settled.
    """
    contribution = standing.of_token(digest(draft.token))
    if (
        contribution is None
        or contribution.state not in NOT_SETTLED
        or not asking.may(contribution.key)
    ):
        return contribution
    return checkout().refresh(contribution)


def gone(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Say that there is nothing to pay here, or not any more."""
    return page("till/gone.html", wished(request), status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return page("till/broken.html", wished(request), status=500)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Say that we cannot read what was sent."""
    return page("till/broken.html", wished(request), status=400)


def _after(end: AttemptOutcome, draft: Draft) -> HttpResponse:
    """Show how an attempt ended.

    A refused card is answered with the same 200 as a declined one, so that a log kept by
    something in front of us cannot tell which of its visitors held a listed card.
    """
    if end.ending == "given":
        return _see(_thanks(draft))
    if end.ending == "question":
        return _see(end.address) if draft.interval == "once" else _before_question(end, draft)
    if end.ending == "refused":
        return page("till/refused.html", draft.language)
    if end.ending == "declined":
        return _declined(end.reason, draft)
    if end.ending in ("away", "mistyped"):
        status = 503 if end.ending == "away" else 422
        return _form(draft, problem=end.ending, status=status)
    return _unsure(draft)


def _before_question(end: AttemptOutcome, draft: Draft) -> HttpResponse:
    """Give the manage link before the bank is asked: after its answer nobody may come back."""
    return page(
        "till/before_question.html",
        draft.language,
        question_href=end.address,
        manage_href=_manage(draft),
    )


def _declined(reason: str, draft: Draft) -> HttpResponse:
    if _may_try(draft) and draft.may_pay(clock.now()):
        return _form(draft, problem=reason)
    return page("till/declined.html", draft.language, reason=reason)


def _may_try(draft: Draft) -> bool:
    """Say whether another attempt is left. The books count them."""
    used = Contribution.objects.filter(key__in=draft.keys, state__in=NOTHING_CAME).count()
    return used < len(draft.keys) and not closed.has(draft)


def _form(
    draft: Draft,
    problem: str = "",
    status: int = 200,
    handle: str = "",
    price: Price | None = None,
) -> HttpResponse:
    """Show the payment form. `handle` comes back in it where only a price stands in the way."""
    newsroom = _newsroom()
    return page(
        "till/pay.html",
        draft.language,
        status=status,
        price=price,
        handle=handle,
        draft=draft,
        problem=problem,
        form=f"till/form/{newsroom.support.provider}.html",
        cards=tuple(CARDS.values()),
    )


def _unsure(draft: Draft) -> HttpResponse:
    return page(
        "till/unsure.html",
        draft.language,
        status=202,
        look_again=f"/return/{sealed.seal(draft, 'return', _newsroom().keys)}",
        manage_href=_manage(draft),
    )


def _manage(draft: Draft) -> str:
    return f"{_newsroom().addresses.counter}/{draft.language}/manage/{draft.token}"


def _thanks(draft: Draft) -> str:
    return f"{_newsroom().addresses.counter}/{draft.language}/thanks/{draft.token}"


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
