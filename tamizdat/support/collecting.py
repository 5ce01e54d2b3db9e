"""What support does with the submissions that concern it."""

from datetime import datetime

from django.conf import settings

from tamizdat.readers import envelopes, waiting
from tamizdat.readers.envelopes import Envelope, UnreadableError
from tamizdat.support import tokens


def register_handlers() -> None:
    """Act on receipts, reminders, and what is answered to a reminder."""
    envelopes.register("receipt", _keep)
    envelopes.register("remind", _keep)
    envelopes.register("remind_again", _again)
    envelopes.register("cancel_reminder", _cancel)
    envelopes.register("cancel_receipts", _cancel)


def _keep(submission: Envelope, at: datetime) -> None:
    """Keep the record as it came: what is wished is read when its seal is opened."""
    waiting.keep(submission, settings.NEWSROOM.keys, at)


def _again(submission: Envelope, _at: datetime) -> None:
    waiting.ask_again(_digest(submission))


def _cancel(submission: Envelope, _at: datetime) -> None:
    waiting.forget_by_reply(_digest(submission))


def _digest(submission: Envelope) -> str:
    found = submission.text("token", 64)
    if not tokens.is_digest(found):
        raise UnreadableError(f"{submission.kind}: token")
    return found
