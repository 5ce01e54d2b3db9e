"""What support does without a visitor: reminders and receipts that are due."""

from datetime import datetime

from django.conf import settings

from tamizdat.support import actions
from tamizdat.support.models import ReceiptWish, Reminder
from tamizdat.support.till_client import RefusedError, Till, TillAwayError


def sweep(at: datetime) -> None:
    """Queue the letters that are due. They leave through the outbox, like all letters."""
    for reminder in Reminder.objects.filter(due__lte=at.date()):
        actions.send_reminder(reminder, at)
    answer_wishes(Till(settings.NEWSROOM.addresses.till), at)
    actions.tell_counter()


def answer_wishes(till: Till, at: datetime) -> None:
    """Ask the till about each gift of which somebody wants a receipt today.

    While the till is away nobody is asked about further: the next minute will do.
    """
    for wish in ReceiptWish.objects.filter(look_on__lte=at.date()):
        try:
            standing = till.status(wish.token_hash)
        except (TillAwayError, RefusedError):
            return
        actions.answer_wish(wish, standing, at)
