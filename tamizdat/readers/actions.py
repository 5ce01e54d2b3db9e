"""What happens to reader records. Everything that writes one is here, a transaction each."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from tamizdat.readers import expiring, tokens
from tamizdat.readers.envelopes import Envelope, UnreadableError
from tamizdat.readers.models import Pending, Reader, Subscription, Wording

PATIENCE = timedelta(hours=48)  # from collection: of the sign-up itself only the day is known
CONFIRMATIONS_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """A sign-up that was noted: what the confirmation letter needs to know."""

    id: UUID
    language: str
    sealed_to_errand: bytes


@transaction.atomic
def expect(envelope: Envelope, keys: Path, at: datetime) -> Expected:
    """Note a sign-up until it is confirmed, at most 48 hours from now.

    Raises:
        UnreadableError: the envelope is none that our counter makes.
    """
    sealed = envelope.payload.get("sealed")
    consent = envelope.payload.get("consent")
    newsletters = envelope.payload.get("newsletters")
    if not (isinstance(sealed, dict) and isinstance(consent, dict)):
        raise UnreadableError("subscribe: sealed, consent")
    if not isinstance(newsletters, list) or not all(isinstance(n, str) for n in newsletters):
        raise UnreadableError("subscribe: newsletters")
    key = uuid4()
    pending = Pending.objects.create(
        id=key,
        token=tokens.digest(tokens.token(keys, "confirm", key.hex)),
        sealed=sealed_bytes(sealed, "reader"),
        newsletters=newsletters[:20],
        language=envelope.text("language", 12),
        consent_version=str(consent.get("version"))[:64],
        consent_sha256=str(consent.get("sha256"))[:64],
        consent_day=envelope.day,
        expires_at=at + PATIENCE,
    )
    return Expected(key, pending.language, sealed_bytes(sealed, "errand"))


def sealed_bytes(sealed: Mapping[str, object], name: str) -> bytes:
    """Return a sealed address of a payload.

    Raises:
        UnreadableError: it is missing or no base64.
    """
    try:
        return base64.b64decode(str(sealed[name]), validate=True)
    except (KeyError, binascii.Error):
        raise UnreadableError(f"sealed: {name}") from None


@transaction.atomic
def recognise(pending: UUID, tag: str, at: datetime) -> bool:
    """Note whose sign-up this is, and return whether its confirmation may be sent.

    It may not when the sign-up is gone, or when the same address was written to three times
    within two days: our confirmations must not be a way to flood somebody's mailbox.
    """
    ours = Pending.objects.filter(pk=pending, expires_at__gt=at)
    if not ours.exists():
        return False
    earlier = Pending.objects.filter(tag=tag).exclude(pk=pending)
    if earlier.count() >= CONFIRMATIONS_A_DAY:
        return False
    return bool(ours.update(tag=tag))


@transaction.atomic
def confirm(token: str, keys: Path, at: datetime) -> bool:
    """Turn the sign-up with this token's hash into subscriptions, and say whether there was one.

    Confirming twice, or after 48 hours, finds nothing and changes nothing. The newest consent
    counts, and so does the newest spelling of the address.
    """
    waiting = Pending.objects.select_for_update().filter(expires_at__gt=at)
    pending = waiting.filter(token=token).exclude(tag="").first()
    if pending is None:
        return False
    reader, _ = Reader.objects.update_or_create(
        tag=pending.tag, defaults={"sealed": bytes(pending.sealed)}
    )
    for newsletter in pending.newsletters:
        _subscribe(reader, newsletter, pending, keys, at.date())
    pending.delete()
    return True


def _subscribe(reader: Reader, newsletter: str, pending: Pending, keys: Path, day: date) -> None:
    agreed = {
        "language": pending.language,
        "state": Subscription.State.ACTIVE,
        "consent_version": pending.consent_version,
        "consent_sha256": pending.consent_sha256,
        "consent_day": pending.consent_day,
        "confirmed_day": day,
        "left_day": None,
    }
    key = uuid4()
    token = tokens.digest(tokens.token(keys, "leave", key.hex))
    Subscription.objects.update_or_create(
        reader=reader,
        newsletter=newsletter,
        defaults=agreed,
        create_defaults={**agreed, "key": key, "leave_token": token},
    )


@transaction.atomic
def leave(token: str, day: date) -> bool:
    """End the subscription with this token's hash, and say whether there was an active one.

    Who has left everything is forgotten at once: there is no list of those who left.
    """
    ours = Subscription.objects.filter(leave_token=token)
    left = ours.filter(state=Subscription.State.ACTIVE).update(
        state=Subscription.State.LEFT, left_day=day
    )
    if left:
        reader = Reader.objects.get(subscriptions__leave_token=token)
        if not reader.subscriptions.filter(state=Subscription.State.ACTIVE).exists():
            reader.delete()
    return bool(left)


@transaction.atomic
def expire(at: datetime) -> int:
    """Forget the sign-ups that nobody confirmed in time, with their letters; return how many."""
    over = list(Pending.objects.filter(expires_at__lte=at).values_list("pk", flat=True))
    expiring.forget_with(over)
    Pending.objects.filter(pk__in=over).delete()
    return len(over)


@transaction.atomic
def record_wording(language: str, version: str, text: str, day: date) -> None:
    """Keep the words of consent of a version. A version's words never change.

    Raises:
        ValueError: this version is known with other words.
    """
    wording, _ = Wording.objects.get_or_create(
        language=language, version=version, defaults={"text": text, "since": day}
    )
    if wording.text != text:
        raise ValueError(f"consent {version} ({language}) has other words already")
