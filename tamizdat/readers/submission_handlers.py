"""What reader records do with the submissions that concern them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from tamizdat.readers.mailboxes.mailbox_links import CHOICE, STOP, YES, is_link
from tamizdat.readers.sealed_records import first_wishes
from tamizdat.readers.submissions import registry
from tamizdat.readers.submissions.registry import Submission


def register_handlers() -> None:
    """Act on confirmations and on leaving. Sign-ups are for letters: they need an answer.

    What is said of a mailbox is a sealed record: only the desk opens the link that it came by.
    """
    registry.register("confirm", _confirm)
    registry.register("leave", _leave)
    registry.register(CHOICE, _keep)
    first_wishes.register(CHOICE, _choice, is_link)


def _confirm(submission: Submission, at: datetime) -> None:
    from tamizdat.readers import actions

    token = submission.text("token", 64)
    actions.confirm(token, settings.NEWSROOM.keys, at, pressed=submission.day)


def _leave(submission: Submission, at: datetime) -> None:
    from tamizdat.readers import actions

    actions.leave(submission.text("token", 64), at.date())


def _keep(submission: Submission, at: datetime) -> None:
    from tamizdat.readers.sealed_records import store

    store.keep(submission, settings.NEWSROOM.keys, at)


def _choice(details: Mapping[str, Any]) -> Mapping[str, Any] | None:
    said = details.get("say")
    return {"say": said} if said in (YES, STOP) else None
