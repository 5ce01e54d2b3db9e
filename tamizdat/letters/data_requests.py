"""What a reader may demand: to be told what we hold, and to be forgotten.

An address cannot be looked for while the reader key is locked. So a request is a sealed record,
carried out at the next unlock. The answer to "what do you hold about me" goes to that address and
to no screen: else whoever knows an address could ask.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.mailboxes.addresses import read
from tamizdat.readers.sealed_records import store, wishes
from tamizdat.readers.sealed_records.wishes import Answer, NotNowError, Reply, Wish
from tamizdat.readers.sealing.records import Record

QUESTION, ERASURE = "question", "erasure"
KINDS = (QUESTION, ERASURE)


def ask(newsroom: Newsroom, kind: str, typed: str, language: str) -> None:
    """Seal a request for the next unlock.

    Raises:
        AddressError: no letter could reach the address.
    """
    store.keep_record(Record(kind, read(typed), language), newsroom.keys)


def register_wish_handlers() -> None:
    """Answer requests at an unlock."""
    wishes.register(QUESTION, _question)
    wishes.register(ERASURE, _erase)


def _question(wish: Wish, others: Sequence[Wish], _at: datetime) -> Answer:
    """Answer with a letter. Several questions of one address are one.

    It waits for a reader who could not be compared with older ones: the letter would not name their
    newsletters.
    """
    if not wish.compared:
        raise NotNowError
    if any(other.kind == QUESTION and other.id < wish.id for other in _same(wish, others)):
        return Answer()
    wanted = [other for other in _same(wish, others) if other.kind not in KINDS]
    shown = {
        "subscriptions": list(_subscriptions(wish)),
        "wishes": list(map(_as_shown, wanted)),
        "unanswered": wish.unanswered,
        "stopped": wish.stopped,
    }
    return Answer((Reply("held", shown, asked=True),))


def _erase(wish: Wish, _others: Sequence[Wish], _at: datetime) -> Answer:
    """Forget the reader on record, and everything sealed that has the same address."""
    if not wish.attended:
        raise NotNowError
    return Answer(forget_all=True)


def _same(wish: Wish, others: Sequence[Wish]) -> list[Wish]:
    if not wish.attended:
        raise NotNowError
    return [other for other in others if other.mailbox == wish.mailbox]


def _subscriptions(wish: Wish) -> Iterator[dict[str, Any]]:
    from tamizdat.letters.models import NewsletterText
    from tamizdat.readers.models import Subscription

    texts = NewsletterText.objects.filter(language=wish.language)
    names = dict(texts.values_list("newsletter__code", "name"))
    for each in Subscription.objects.filter(reader__tag=wish.mailbox).order_by("newsletter"):
        yield {
            "newsletter": names.get(each.newsletter, each.newsletter),
            "language": each.language,
            "agreed": each.consent_day.isoformat(),
            "confirmed": each.confirmed_day.isoformat(),
            "left": each.left_day.isoformat() if each.left_day else "",
        }


def _as_shown(wish: Wish) -> dict[str, str]:
    day = wish.details.get("due") or wish.details.get("until") or wish.details.get("asked")
    return {"kind": wish.kind, "day": str(day or "")[:10]}
