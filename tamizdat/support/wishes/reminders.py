"""When somebody is reminded, as a pure function of a sealed record's details.

A reminder is one letter. Another one follows only if the owner of the mailbox pressed the button
in it: whoever typed a stranger's address, in however many spellings, causes one letter in twelve
months.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tamizdat.readers.sealed_records.wishes import Answer, Reply, Wish

KIND = "reminder"
MOST = 1  # letters to a mailbox before its owner presses a button
AGAIN_AFTER = timedelta(days=8)
ANSWER_WITHIN = timedelta(days=30)  # then the address is deleted
TOO_FAR = timedelta(days=400)  # our form offers one of the next months
TOO_LATE = timedelta(days=92)  # nobody wants a reminder of last season


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the record says: when the next letter is due, or until when we wait for an answer."""

    due: date | None
    sent: int = 0
    until: date | None = None

    @property
    def is_unanswered(self) -> bool:
        """Whether a letter was sent and its owner has not pressed the button."""
        return self.due is None


def read(details: Mapping[str, Any]) -> Reminder | None:
    """Return the reminder in a record's details, None if there is none that makes sense."""
    try:
        due, until = (
            date.fromisoformat(details[name]) if details.get(name) else None
            for name in ("due", "until")
        )
        sent = int(details.get("sent", 0))
    except (TypeError, ValueError, OverflowError):
        return None
    return Reminder(due, sent, until) if due or until else None


def first(details: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the details of a reminder that a reader asks for: when it is due, and no more."""
    reminder = read({"due": details.get("due")})
    return None if reminder is None else written(Reminder(reminder.due))


def written(reminder: Reminder) -> dict[str, Any]:
    """Return the details of a reminder."""
    return {
        "due": reminder.due.isoformat() if reminder.due else "",
        "sent": reminder.sent,
        "until": reminder.until.isoformat() if reminder.until else "",
    }


def answer(wish: Wish, others: Sequence[Wish], today: date, shown: Mapping[str, Any]) -> Answer:
    """Return what follows of a reminder today: a letter that says `shown`, or waiting, or its end.

    Of several reminders of one mailbox the first remains. One that is due when the quota is used
    up ends without a word: the mailbox had one already, and nobody pressed a button.
    """
    reminder = read(wish.details)
    if reminder is None or _is_far(reminder, today) or _is_double(wish, reminder, others):
        return Answer()
    if wish.again and reminder.is_unanswered:
        return Answer(keep=written(replace(reminder, due=today + AGAIN_AFTER, until=None)))
    if reminder.due is None:
        over = reminder.until is None or today > reminder.until
        return Answer() if over else Answer(keep=written(reminder))
    if today < reminder.due or _waits_for_an_answer(wish, others):
        return Answer(keep=written(reminder))
    asked = reminder.sent > 0
    if today > reminder.due + TOO_LATE or (wish.remaining < 1 and not asked):
        return Answer()
    after = Reminder(None, reminder.sent + 1, today + ANSWER_WITHIN)
    return Answer((Reply(KIND, shown, asked=asked),), keep=written(after))


def _is_far(reminder: Reminder, today: date) -> bool:
    """Say whether it is due later than any that our form offers: its address would stay."""
    return reminder.due is not None and reminder.due - today > TOO_FAR


def _is_double(wish: Wish, reminder: Reminder, others: Sequence[Wish]) -> bool:
    """Say whether another reminder of this mailbox, not yet sent either, is the one to keep."""
    if reminder.sent:
        return False
    rivals = [(read(other.details), other) for other in _of_mailbox(wish, others)]
    first = (reminder.due, wish.id)
    return any(
        rival is not None and not rival.sent and rival.due is not None
        and (rival.due, other.id) < first
        for rival, other in rivals
    )  # fmt: skip


def _waits_for_an_answer(wish: Wish, others: Sequence[Wish]) -> bool:
    found = (read(other.details) for other in _of_mailbox(wish, others))
    return any(other is not None and other.is_unanswered for other in found)


def _of_mailbox(wish: Wish, others: Sequence[Wish]) -> list[Wish]:
    return [each for each in others if each.kind == KIND and each.limit == wish.limit]
