"""Confirmation letters: what a sign-up is answered with, and nothing else is in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from tamizdat.readers import envelopes, tokens

KIND = "confirmation"


def register_handler() -> None:
    """Act on sign-ups that the counter took in."""
    envelopes.register("subscribe", _answer)


def _answer(envelope: envelopes.Envelope, at: datetime) -> None:
    """Note the sign-up and queue its letter, in the one transaction of the collection."""
    from tamizdat.letters import outbox
    from tamizdat.readers import actions

    expected = actions.expect(envelope, settings.NEWSROOM.keys, at)
    words = outbox.Words(KIND, expected.language, {})
    outbox.queue(KIND, expected.id.hex, expected.sealed_to_errand, words, at)


def may_go(about: str, tag: str, at: datetime) -> bool:
    """Say whether this confirmation may be sent to the reader with this tag.

    Not when its 48 hours are over, nor when this address was written to often enough.
    """
    from tamizdat.readers import actions

    return actions.recognise(UUID(about), tag, at)


def context(about: str, language: str) -> dict[str, Any]:
    """Return what the letter shows: its link, made now and kept nowhere."""
    newsroom = settings.NEWSROOM
    token = tokens.token(newsroom.keys, "confirm", about)
    return {"href": f"{newsroom.addresses.counter}/{language}/confirm/{token}"}
