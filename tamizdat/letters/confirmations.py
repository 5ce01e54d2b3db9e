"""Confirmation letters: what a sign-up is answered with, and nothing else is in them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from tamizdat.readers import envelopes, expiring, tokens

KIND = "confirmation"


def register_handler() -> None:
    """Act on sign-ups that the counter took in, and on those that nobody confirmed."""
    envelopes.register("subscribe", _answer)
    expiring.also(_forget)


def _answer(envelope: envelopes.Envelope, at: datetime) -> None:
    """Note the sign-up and queue its letter, in the one transaction of the collection."""
    from tamizdat.letters import outbox
    from tamizdat.readers import actions

    expected = actions.expect(envelope, settings.NEWSROOM.keys, at)
    words = outbox.Words(KIND, expected.language, {})
    outbox.queue(KIND, expected.id.hex, expected.sealed_to_errand, words, at)


def _forget(pendings: Collection[UUID]) -> None:
    """Delete the letters of these sign-ups: one that was deferred still holds the address."""
    from tamizdat.letters.models import Letter

    Letter.objects.filter(kind=KIND, about__in=[each.hex for each in pendings]).delete()


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
