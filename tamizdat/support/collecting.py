"""What support does with the envelopes that concern it."""

import binascii
from base64 import b64decode
from datetime import date, datetime

from django.conf import settings

from tamizdat.readers import envelopes
from tamizdat.readers.envelopes import Envelope, UnreadableError
from tamizdat.support import tokens
from tamizdat.support.reminder_month import ahead

LONGEST_SEALED = 4000  # of base64; a sealed address has 1,600
FARTHEST = 13  # months


def register_handlers() -> None:
    """Act on receipts, reminders, and reminders taken back."""
    envelopes.register("receipt", _receipt)
    envelopes.register("remind", _remind)
    envelopes.register("cancel_reminder", _cancel)


def _receipt(envelope: Envelope, _at: datetime) -> None:
    from tamizdat.support import actions

    token_hash = _digest(envelope, "token_hash")
    each = envelope.payload.get("each") is True
    asked = actions.Asked(_sealed(envelope), _language(envelope))
    actions.keep_wish(asked, token_hash, envelope.day, each=each)


def _remind(envelope: Envelope, _at: datetime) -> None:
    from tamizdat.support import actions

    month = _month(envelope)
    actions.keep_reminder(actions.Asked(_sealed(envelope), _language(envelope)), month)


def _cancel(envelope: Envelope, _at: datetime) -> None:
    from tamizdat.support import actions

    actions.cancel_reminder(_digest(envelope, "token"))


def _sealed(envelope: Envelope) -> bytes:
    sealed = envelope.payload.get("sealed")
    text = sealed.get("errand") if isinstance(sealed, dict) else None
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_SEALED:
        raise UnreadableError(f"{envelope.kind}: sealed")
    try:
        return b64decode(text, validate=True)
    except binascii.Error:
        raise UnreadableError(f"{envelope.kind}: sealed") from None


def _digest(envelope: Envelope, name: str) -> str:
    found = envelope.text(name, 64)
    if not tokens.is_digest(found):
        raise UnreadableError(f"{envelope.kind}: {name}")
    return found


def _language(envelope: Envelope) -> str:
    language = envelope.text("language", 12)
    newsroom = settings.NEWSROOM
    return language if language in newsroom.languages else newsroom.language


def _month(envelope: Envelope) -> date:
    """Return the month, if it is one that our form could have offered on the envelope's day."""
    try:
        month = date.fromisoformat(f"{envelope.text('month', 7)}-01")
    except ValueError:
        raise UnreadableError(f"{envelope.kind}: month") from None
    if not ahead(envelope.day, 0) <= month <= ahead(envelope.day, FARTHEST):
        raise UnreadableError(f"{envelope.kind}: month")
    return month
