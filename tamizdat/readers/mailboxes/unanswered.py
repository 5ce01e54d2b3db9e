"""Letters that nobody answered: a mailbox gets few of them before its owner presses a button.

Forms can be filled in by anybody. So what they ask for goes to a mailbox a few times in twelve
months (`wishes.most`), until a button in one of the letters is pressed (docs/adr/
0014-three-letters-a-year.md). Only an unlock can count. What an unattended key sends meanwhile is
noted in a sealed record, which the next unlock counts.
"""

import hmac
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from tamizdat.readers.models import Unanswered
from tamizdat.readers.sealing.records import Record

NOTE = "written"  # kind of the record that says that a letter went out


def tag(key: bytes, mailbox: str, budget: str) -> str:
    """Return the keyed hash of a mailbox (`Wish.limit`) for one budget of letters.

    Each budget has a tag of its own: no two rows are seen to be one mailbox's.
    """
    return hmac.digest(key, f"{budget}|{mailbox}".encode(), "sha256").hex()


def letters(tag: str) -> int:
    """Return how many letters nobody answered."""
    return Unanswered.objects.filter(tag=tag).values_list("letters", flat=True).first() or 0


@transaction.atomic
def add(tag: str, until: date) -> int:
    """Count a letter, and return how many there are now."""
    ours = Unanswered.objects.filter(tag=tag)
    Unanswered.objects.get_or_create(tag=tag, defaults={"until": until})
    ours.filter(until__lt=until).update(until=until)
    ours.update(letters=F("letters") + 1)
    return letters(tag)


@transaction.atomic
def answered(tags: Iterable[str]) -> None:
    """Forget the letters to a mailbox whose owner pressed a button."""
    Unanswered.objects.filter(tag__in=list(tags)).delete()


@transaction.atomic
def forget_over(at: datetime) -> int:
    """Forget mailboxes whose last letter is twelve months old, and return how many.

    A clock that was ahead when it counted keeps nothing longer.
    """
    Unanswered.objects.filter(until__gt=kept_until(at)).update(until=kept_until(at))
    return Unanswered.objects.filter(until__lte=at.date()).delete()[0]


def kept_until(at: datetime) -> date:
    """Return until when a letter of this moment counts: the first of a month, a year or more on."""
    following = at.date().replace(day=28) + timedelta(days=4)
    return following.replace(year=following.year + 1, day=1)


def note(address: str, language: str, at: datetime) -> Record:
    """Return the record that says that a letter went to an address, and not which."""
    return Record(NOTE, address, language, {"until": kept_until(at).isoformat()})
