"""Make a new letters.key where the old one is lost for good.

All that was made of the old one is made anew, so that the next letters have links that work. Links
in letters that were sent before lead nowhere from then on.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models, transaction

from tamizdat.readers import keys, tokens
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.models import Pending, SealedRecord, Subscription
from tamizdat.readers.sealed_records import store


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many subscriptions, open sign-ups and sealed records got another link."""

    subscriptions: int
    sign_ups: int
    records: int


@transaction.atomic
def renew(folder: Path) -> Renewed:
    """Make a new letters.key, and make anew what depends on it.

    Sealed records lose the desk's mark, too: they are believed once more, as those of a newsroom
    that is older than the mark, and are marked anew at the next unlock.

    Raises:
        KeysError: a letters.key is there, or cannot be written.
    """
    path = folder / founded_keys.LETTERS_KEY
    if path.exists():
        raise keys.KeysError(f"{path} is there. Move it away first, if it is lost for good.")
    secret = secrets.token_bytes(32)
    renewed = Renewed(
        _each(Subscription.objects.all(), "key", "leave_token", partial(_token, secret, "leave")),
        _each(Pending.objects.all(), "pk", "token", partial(_token, secret, "confirm")),
        _each(SealedRecord.objects.all(), "pk", "reply", partial(_token, secret, store.REPLY)),
    )
    SealedRecord.objects.update(older=True)
    founded_keys.replace(founded_keys.LETTERS_KEY, secret)
    try:
        keys.write(path, secret.hex().encode() + b"\n")
    except OSError as error:
        raise keys.KeysError(f"{path} cannot be written: {error.strerror}.") from error
    return renewed


def _token(secret: bytes, purpose: str, about: UUID) -> str:
    return tokens.token(secret, purpose, about.hex)


def _each(rows: models.QuerySet[Any], about: str, column: str, made: Callable[[UUID], str]) -> int:
    """Give each row its token anew, and return how many rows there are."""
    numbers = list(rows.order_by("pk").values_list("pk", about))
    for number, name in numbers:
        rows.filter(pk=number).update(**{column: tokens.digest(made(name))})
    return len(numbers)
