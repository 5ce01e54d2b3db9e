"""What support does with the submissions that concern it."""

from datetime import datetime

from django.conf import settings

from tamizdat.readers.sealed_records import store
from tamizdat.readers.submissions import registry
from tamizdat.readers.submissions.registry import Submission, UnreadableError
from tamizdat.support import tokens


def register_handlers() -> None:
    """Act on receipts, reminders, and what is answered to a reminder."""
    registry.register("receipt", _keep)
    registry.register("remind", _keep)
    registry.register("remind_again", _again)
    registry.register("cancel_reminder", _cancel)
    registry.register("cancel_receipts", _cancel)


def _keep(submission: Submission, at: datetime) -> None:
    """Keep the record as it came: what is wished is read when its seal is opened."""
    store.keep(submission, settings.NEWSROOM.keys, at)


def _again(submission: Submission, _at: datetime) -> None:
    store.ask_again(_digest(submission))


def _cancel(submission: Submission, _at: datetime) -> None:
    store.forget_by_reply(_digest(submission))


def _digest(submission: Submission) -> str:
    found = submission.text("token", 64)
    if not tokens.is_digest(found):
        raise UnreadableError(f"{submission.kind}: token")
    return found
