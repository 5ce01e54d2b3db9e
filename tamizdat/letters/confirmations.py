"""Confirmation letters: what a sign-up is answered with, and nothing else is in them."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from tamizdat.readers import expiring, tokens
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.submissions import registry

if TYPE_CHECKING:
    from tamizdat.letters.models import Letter

KIND = "confirmation"


def register_handlers() -> None:
    """Act on sign-ups that the counter took in, and on those that nobody confirmed."""
    registry.register("subscribe", _answer)
    expiring.also(_forget)
    expiring.unless(_waiting)


def _answer(submission: registry.Submission, at: datetime) -> None:
    """Note the sign-up and queue its letter, in the one transaction of the collection."""
    from tamizdat.letters import outbox
    from tamizdat.readers import actions

    expected = actions.expect(submission, settings.NEWSROOM.keys, at)
    words = outbox.Words(KIND, expected.language)
    to = outbox.Addressed(None, expected.copy)
    outbox.queue(KIND, expected.id.hex, to, words, at)


def _forget(pendings: Collection[UUID]) -> None:
    """Delete the letters of these sign-ups, and their unattended copies: addresses are in them."""
    from tamizdat.letters.models import Letter
    from tamizdat.readers.models import UnattendedCopy

    letters = Letter.objects.filter(kind=KIND, about__in=[each.hex for each in pendings])
    copies = list(letters.filter(copy__isnull=False).values_list("copy", flat=True))
    letters.delete()
    UnattendedCopy.objects.filter(pk__in=copies).delete()


def _waiting(pendings: Collection[UUID]) -> Collection[UUID]:
    """Return the sign-ups whose letter could not be handed over yet: nobody could confirm."""
    from tamizdat.letters import outbox
    from tamizdat.letters.models import Letter

    abouts = [each.hex for each in pendings]
    open_ones = Letter.objects.filter(kind=KIND, about__in=abouts).exclude(state__in=outbox.DONE)
    return [UUID(about) for about in open_ones.values_list("about", flat=True)]


def may_go(letter: "Letter", address: str, at: datetime) -> bool:
    """Say whether this confirmation may be sent to this address.

    Not when the sign-up is gone, nor when this address was written to often enough. A letter that
    goes out only after an unlock gives its sign-up another 48 hours.
    """
    from tamizdat.readers import actions

    pending = UUID(letter.about)
    if letter.copy is None:
        actions.note_late_letter(pending, at)
    key = letter.copy.key if letter.copy is not None else None
    return actions.recognise(pending, settings.NEWSROOM.keys, address, at, key)


def sealed(about: str) -> bytes | None:
    """Return the address of a sign-up, sealed to the reader key; None if it is gone."""
    from tamizdat.readers.models import Pending

    found = Pending.objects.filter(pk=UUID(about)).values_list("sealed", flat=True).first()
    return None if found is None else bytes(found)


def context(about: str, language: str) -> dict[str, Any]:
    """Return what the letter shows: its link, made now and kept nowhere."""
    newsroom = settings.NEWSROOM
    token = tokens.token(founded_keys.letters_key(newsroom.keys), "confirm", about)
    return {"href": f"{newsroom.addresses.counter}/{language}/confirm/{token}"}
