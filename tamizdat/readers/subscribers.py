"""Questions about subscriptions that letters asks. Addresses come sealed and stay so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tamizdat.readers.models import Pending, Subscription


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whom an issue goes to: the subscription's key and the address, sealed to the reader key."""

    key: UUID
    sealed: bytes


def keys(newsletter: str, language: str) -> Iterator[UUID]:
    """Return the keys of all active subscriptions, in no order that tells who came when."""
    yield from (
        _active()
        .filter(newsletter=newsletter, language=language)
        .order_by("key")
        .values_list("key", flat=True)
        .iterator()
    )


def count(newsletter: str, language: str) -> int:
    """Return how many subscriptions are active."""
    return _active().filter(newsletter=newsletter, language=language).count()


def active(newsletter: str) -> int:
    """Return how many subscriptions are active, in all languages together."""
    return _active().filter(newsletter=newsletter).count()


def waiting(newsletter: str, at: datetime, language: str = "") -> int:
    """Return how many sign-ups can still be confirmed, in one language or in all."""
    pending = Pending.objects.filter(expires_at__gt=at)
    if language:
        pending = pending.filter(language=language)
    wanted = pending.values_list("newsletters", flat=True)
    return sum(newsletter in each for each in wanted.iterator())


def find(key: UUID) -> Subscriber | None:
    """Return the subscriber of a key; None once they have left."""
    found = _active().filter(key=key).values_list("key", "reader__sealed").first()
    return Subscriber(found[0], bytes(found[1])) if found else None


def _active() -> QuerySet[Subscription]:
    return Subscription.objects.filter(state=Subscription.State.ACTIVE)
