"""Confirmation letters: what a sign-up is answered with, and nothing else is in them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from tamizdat.readers import tokens
from tamizdat.readers.keys import founded_keys

if TYPE_CHECKING:
    from tamizdat.letters.models import Letter

KIND = "confirmation"


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
