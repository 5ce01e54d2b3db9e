"""Which receipts are due, as a pure function of a sealed record's details and the till's answer.

Whoever pays may type any address. So a receipt is one letter, and one for each later payment only
after the owner of the mailbox said in answer to the first that we may write to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tamizdat.readers.sealed_records.wishes import Answer, Reply, Wish
from tamizdat.support.till_client import Charged, ContributionStatus
from tamizdat.support.tokens import digest, is_digest, is_token

KIND = "receipt"
SETTLES_WITHIN = timedelta(days=14)
FIRST = ("token", "asked", "each", "wish")  # details of a wish that the counter seals
FIRST_WISH, CORRECTION = 1, 2
AT_ONCE = 3  # letters of one look: a till that somebody broke into can make up any charges
WELCOME = "agreed"  # what records call it, since the first of them
ANSWER_WITHIN = timedelta(days=31)  # then the address is deleted; a second payment is a month later

Shown = Callable[[Charged, bool], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the record says. `told` counts the charges that were written about.

    `token_hash` is of the contribution's manage token. `number` is 2 where a giver corrected the
    address of a first wish. `welcome`: the owner of the mailbox wants the later ones; `until`: the
    day until which we wait to hear that.
    """

    token_hash: str
    asked: date
    each: bool = False
    told: int = 0
    number: int = 1
    welcome: bool = False
    until: date | None = None


def read(details: Mapping[str, Any]) -> Receipt | None:
    """Return the wish in a record's details, None if there is none that makes sense."""
    token, known = str(details.get("token", "")), str(details.get("token_hash", ""))
    token_hash = digest(token) if is_token(token) else known
    try:
        asked = date.fromisoformat(str(details.get("asked")))
        told, number = int(details.get("told", 0)), int(details.get("wish", 1))
        until = date.fromisoformat(details["until"]) if details.get("until") else None
    except (TypeError, ValueError, OverflowError):
        return None
    if not is_digest(token_hash) or number not in (FIRST_WISH, CORRECTION):
        return None
    each, welcome = details.get("each") is True, details.get(WELCOME) is True
    return Receipt(token_hash, asked, each, told, number, welcome, until)


def first(details: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the details of a receipt that a giver asks for: nothing was told, nobody said yes.

    They are written anew: what a counter sealed may say the same in thousands of bytes.
    """
    asked = {name: details[name] for name in FIRST if name in details}
    receipt = read(asked)
    return None if receipt is None else _asked(asked, receipt)


def welcomed(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the details once the owner of the mailbox said that we may write to it.

    A wish of which nothing was told stays as it is: who said so cannot have meant it.
    """
    receipt = read(details)
    if receipt is None or not receipt.told:
        return details
    return _written(details, replace(receipt, welcome=True, until=None))


def is_corrected(receipt: Receipt, others: Sequence[Wish]) -> bool:
    """Say whether the giver asked again, for the same contribution with another address.

    Once a letter went, the record stays: its mailbox's owner may press the button in it. If they do
    not, it ends by itself, and nothing more is written. A counter that somebody broke into can make
    a correction of any contribution.
    """
    if receipt.told or receipt.welcome:
        return False
    found = (read(other.details) for other in others if other.kind == KIND)
    return any(
        other is not None
        and other.token_hash == receipt.token_hash
        and other.number > receipt.number
        for other in found
    )


def is_over(receipt: Receipt, today: date) -> bool:
    """Say whether a wish ends today, whatever the till would say."""
    if receipt.asked - today > SETTLES_WITHIN:
        return True
    waits_for_yes = bool(receipt.told) and not receipt.welcome and receipt.until is not None
    return waits_for_yes and _is_past(receipt.until, today)


def is_over_unheard(details: Mapping[str, Any], today: date) -> bool:
    """Say whether a wish ends today if the till cannot be asked: no address is kept for longer.

    One of which no letter went waits for a month. One whose mailbox is welcome has no such day
    while the till knew its contribution the last time.
    """
    receipt = read(details)
    if receipt is None or is_over(receipt, today):
        return True
    if not receipt.told:
        return today > receipt.asked + ANSWER_WITHIN
    return _is_past(receipt.until, today)


def _is_past(until: date | None, today: date) -> bool:
    return until is not None and today > until


def answer(wish: Wish, standing: ContributionStatus | None, today: date, shown: Shown) -> Answer:
    """Return the receipts that are due, and what remains of the wish.

    At first only the last charge is written about. If more are wished, they follow once the
    mailbox's owner said yes, and the address is deleted a month after a letter that nobody
    answered. A payment that is not settled is waited for, for a fortnight; the quota, for a month,
    and so is a till that does not know the contribution any more: it may have been put back from a
    backup.
    What is due beyond a few letters waits for the next look. `shown` gets a charge, and whether the
    letter is to ask if more should come.
    """
    receipt = read(wish.details)
    if receipt is None or is_over(receipt, today):
        return Answer()
    if standing is None and receipt.told:
        return _unknown(wish.details, receipt, today)
    more = receipt.each and standing is not None and standing.is_giving
    all_due = _due(receipt, standing.charges if standing is not None else ())
    due = all_due[:AT_ONCE]
    if not due or (wish.remaining < 1 and not receipt.welcome):
        if _is_over(receipt, today, more=more, waits_for_quota=bool(due)):
            return Answer()
        return Answer(keep=_known(wish.details, receipt))
    asks = more and not receipt.welcome
    letters = tuple(Reply(KIND, shown(charge, asks), asked=receipt.welcome) for charge in due)
    if not more and due == all_due:
        return Answer(letters)
    until = today + ANSWER_WITHIN if asks else None
    told = max(charge.number for charge in due)
    return Answer(letters, keep=_written(wish.details, replace(receipt, told=told, until=until)))


def _unknown(details: Mapping[str, Any], receipt: Receipt, today: date) -> Answer:
    """Wait for a month for a till that does not know the contribution, then forget the wish."""
    until = receipt.until or today + ANSWER_WITHIN
    if today > until:
        return Answer()
    return Answer(keep=_written(details, replace(receipt, until=until)))


def _known(details: Mapping[str, Any], receipt: Receipt) -> Mapping[str, Any]:
    """Return the details, without a day that `_unknown` set to a wish whose mailbox is welcome."""
    if receipt.welcome and receipt.until is not None:
        return _written(details, replace(receipt, until=None))
    return details


def _due(receipt: Receipt, charges: Sequence[Charged]) -> Sequence[Charged]:
    """Return the charges that no letter was about and that one is due for, oldest first.

    A record of an older newsroom neither is welcome nor waits: its next charge asks.
    """
    new = [charge for charge in charges if charge.number > receipt.told]
    new.sort(key=lambda charge: charge.number)
    if receipt.told and receipt.welcome:
        return new if receipt.each else []
    waits = receipt.told and (receipt.until is not None or not receipt.each)
    return [] if waits else new[-1:]


def _is_over(receipt: Receipt, today: date, *, more: bool, waits_for_quota: bool) -> bool:
    if not receipt.told:
        return today > receipt.asked + (ANSWER_WITHIN if waits_for_quota else SETTLES_WITHIN)
    return not more or _is_past(receipt.until, today)


def _written(details: Mapping[str, Any], receipt: Receipt) -> Mapping[str, Any]:
    until = receipt.until.isoformat() if receipt.until else ""
    changed = {"told": receipt.told, WELCOME: receipt.welcome, "until": until}
    return {**details, **_asked(details, receipt), **changed}


def _asked(details: Mapping[str, Any], receipt: Receipt) -> Mapping[str, Any]:
    token = {"token": str(details["token"])} if "token" in details else {}
    asked = receipt.asked.isoformat()
    return {**token, "asked": asked, "each": receipt.each, "wish": receipt.number}
