"""What reader records do with the envelopes that concern them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from tamizdat.readers import envelopes, first_wishes
from tamizdat.readers.envelopes import Envelope
from tamizdat.readers.mailbox_links import CHOICE, STOP, YES, is_link


def register_handlers() -> None:
    """Act on confirmations and on leaving. Sign-ups are for letters: they need an answer.

    What is said of a mailbox is a sealed record: only the desk opens the link that it came by.
    """
    envelopes.register("confirm", _confirm)
    envelopes.register("leave", _leave)
    envelopes.register(CHOICE, _keep)
    first_wishes.register(CHOICE, _choice, is_link)


def _confirm(envelope: Envelope, at: datetime) -> None:
    from tamizdat.readers import actions

    actions.confirm(envelope.text("token", 64), settings.NEWSROOM.keys, at)


def _leave(envelope: Envelope, at: datetime) -> None:
    from tamizdat.readers import actions

    actions.leave(envelope.text("token", 64), at.date())


def _keep(envelope: Envelope, at: datetime) -> None:
    from tamizdat.readers import waiting

    waiting.keep(envelope, settings.NEWSROOM.keys, at)


def _choice(details: Mapping[str, Any]) -> Mapping[str, Any] | None:
    said = details.get("say")
    return {"say": said} if said in (YES, STOP) else None
