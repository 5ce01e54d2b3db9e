"""Make a new letters.key where the old one is lost for good.

Links, tokens and the desk's mark are made of it. Rows get the tokens that the new one makes, so
that the next letters have links that work. By the links of letters that were sent readers can still
leave and confirm: a subscription keeps the hash of its former one, and a sign-up whose confirmation
was written keeps its token, until that letter has to be written anew (`actions.recognise`). A
subscription keeps one: by a letter from before the last new key nobody leaves. What the desk sealed
with its mark cannot be opened again: without the old mark nobody can tell it from what a counter
forged (ADR 36). It is deleted at the next unlock.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import models, transaction
from django.db.models import F

from tamizdat.readers import keys, tokens
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.models import Pending, SealedRecord, Subscription
from tamizdat.readers.sealed_records import store

LOSSES = (
    "the days of reminders of which one letter was sent",
    "the yes of readers to a receipt for each payment, and receipts that wait for that yes",
    '"write nothing more" of readers, and how often a mailbox was written to',
    "requests of readers that wait: to say what is held of them, or to forget them",
    "links in letters to change or end reminders and receipts, and to say what a mailbox wants",
)


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many subscriptions, open sign-ups and sealed records got another token."""

    subscriptions: int
    sign_ups: int
    records: int


@dataclass(frozen=True, slots=True)
class AtStake:
    """What a new letters.key may cost.

    Of the records that are sealed nobody can say, locked, which the desk made. `links` are those
    of subscriptions from before the last new letters.key: they work until the next one.
    """

    records: int
    links: int


def at_stake(folder: Path) -> AtStake:
    """Return how much a new letters.key may cost.

    Raises:
        KeysError: a letters.key is there.
    """
    _must_be_missing(folder / founded_keys.LETTERS_KEY)
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE)
    former = active.exclude(former_leave_token="")
    return AtStake(SealedRecord.objects.count(), former.count())


def renew(folder: Path) -> Renewed:
    """Make a new letters.key, and make anew the tokens that depend on it.

    No sealed record is noted as `older`: that would have what a counter forged believed.

    Raises:
        KeysError: a letters.key is there, or cannot be written; all is as it was then.
        django.db.Error: the desk's database is away or full. If it remembers nothing of the new
            key, there is no file with it either.
    """
    path = folder / founded_keys.LETTERS_KEY
    _must_be_missing(path)
    secret = secrets.token_bytes(32)
    try:
        with transaction.atomic():
            renewed = _made_anew(secret)
            keys.write(path, _content(secret))
    except OSError as error:
        raise keys.KeysError(f"{path} cannot be written: {error.strerror}.") from error
    except BaseException:
        _take_back(folder, secret)
        raise
    return renewed


def _take_back(folder: Path, secret: bytes) -> None:
    """Delete our letters.key, unless the database remembers it, or cannot be asked."""
    path = folder / founded_keys.LETTERS_KEY
    with suppress(DatabaseError, OSError):
        ours = path.read_bytes() == _content(secret)
        if ours and not founded_keys.knows(founded_keys.LETTERS_KEY, secret):
            path.unlink()


def _content(secret: bytes) -> bytes:
    return secret.hex().encode() + b"\n"


def _made_anew(secret: bytes) -> Renewed:
    """Have all that depends on a letters.key depend on this one."""
    Subscription.objects.update(former_leave_token=F("leave_token"))
    unwritten = Pending.objects.filter(note__isnull=True)
    renewed = Renewed(
        _each(Subscription.objects.all(), "key", "leave_token", partial(_token, secret, "leave")),
        _each(unwritten, "pk", "token", partial(_token, secret, "confirm")),
        _each(SealedRecord.objects.all(), "pk", "reply", partial(_token, secret, store.REPLY)),
    )
    founded_keys.replace(founded_keys.LETTERS_KEY, secret)
    return renewed


def _must_be_missing(path: Path) -> None:
    if path.exists():
        raise keys.KeysError(f"{path} is there. Move it away first, if it is lost for good.")


def _token(secret: bytes, purpose: str, about: UUID) -> str:
    return tokens.token(secret, purpose, about.hex)


def _each(rows: models.QuerySet[Any], about: str, column: str, made: Callable[[UUID], str]) -> int:
    """Give each row its token anew, and return how many rows there are."""
    numbers = list(rows.order_by("pk").values_list("pk", about))
    for number, name in numbers:
        rows.filter(pk=number).update(**{column: tokens.digest(made(name))})
    return len(numbers)
