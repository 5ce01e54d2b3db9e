"""Answer the sealed wishes that concern support: reminders and receipts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from tamizdat.lib.money import Money
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.sealed_records import first_wishes, store, wishes
from tamizdat.readers.sealed_records.wishes import AllWaitError, Answer, NotNowError, Wish
from tamizdat.support.till_client import (
    Charged,
    ContributionStatus,
    RefusedError,
    Till,
    TillAwayError,
    TillSilentError,
)
from tamizdat.support.wishes import receipts, reminders


def register_wish_handlers() -> None:
    """Answer wishes of both kinds."""
    wishes.register(reminders.KIND, _reminder, letters=reminders.MOST)
    wishes.register(
        receipts.KIND, _receipt, welcome=receipts.welcomed, over=receipts.is_over_unheard
    )
    first_wishes.register(reminders.KIND, reminders.first)
    first_wishes.register(receipts.KIND, receipts.first)


def _reminder(wish: Wish, others: Sequence[Wish], at: datetime) -> Answer:
    newsroom: Newsroom = settings.NEWSROOM
    token = store.reply_token(newsroom.keys, wish.id)
    at_counter = f"{newsroom.addresses.counter}/{wish.language}/remind"
    shown = {
        "manage_href": f"{newsroom.addresses.edition}/{wish.language}/support.html",
        "again_href": f"{at_counter}/again/{token}",
        "cancel_href": f"{at_counter}/cancel/{token}",
    }
    return reminders.answer(wish, others, at.date(), shown)


def _receipt(wish: Wish, others: Sequence[Wish], at: datetime) -> Answer:
    """Ask the till about the contribution. While it is away the wish waits, until its time is over.

    What the till cannot change ends without it.
    """
    receipt, today = receipts.read(wish.details), at.date()
    if receipt is None or receipts.is_corrected(receipt, others):
        return Answer()
    if receipts.is_over(receipt, today):
        return Answer()
    newsroom: Newsroom = settings.NEWSROOM
    till = Till.of(newsroom, "desk")
    try:
        standing = till.status(receipt.token_hash)
    except (TillAwayError, RefusedError) as error:
        if receipts.is_over_unheard(wish.details, today):
            return Answer()
        raise _later(error) from error

    reply = store.reply_token(newsroom.keys, wish.id)
    ends = f"{newsroom.addresses.counter}/{wish.language}/receipt/cancel/{reply}"

    def shown(charge: Charged, asks: bool) -> Mapping[str, Any]:  # noqa: FBT001  it is passed on
        return {
            "asks": asks,
            "cancel_href": ends if receipt.each and not asks else "",
            "amount": _amount(charge.money, wish.language),
            "interval": _following(standing),
            "month": charge.month.isoformat(),
            "manage_href": "",  # its token is with the giver alone
        }

    return receipts.answer(wish, standing, today, shown)


def _later(error: Exception) -> NotNowError:
    return AllWaitError() if isinstance(error, TillSilentError) else NotNowError()


def _following(standing: ContributionStatus | None) -> str:
    """Return how often more follows: what is stopped reads like what was given once."""
    runs = standing is not None and standing.is_giving and not standing.to_stop
    return standing.interval if standing is not None and runs else "once"


def _amount(money: Money, language: str) -> str:
    from tamizdat.lib.theme import theme

    shown = theme().environment(language).globals["money"]
    return str(shown(money.minor, money.currency))  # type: ignore[operator]  # Jinja's globals are objects
