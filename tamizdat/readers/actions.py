"""What happens to reader records. Everything that writes one is here, a transaction each."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.failures import where
from tamizdat.readers import expiring, tokens
from tamizdat.readers.keys import unattended
from tamizdat.readers.keys.founded_keys import letters_key, reader_public
from tamizdat.readers.mailboxes import unanswered
from tamizdat.readers.mailboxes.addresses import limit_tag
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.models import (
    FormerLeaveLink,
    Pending,
    Reader,
    Subscription,
    UnattendedCopy,
    Wording,
)
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import seal
from tamizdat.readers.submissions import collecting
from tamizdat.readers.submissions.registry import Submission, UnreadableError

log = logging.getLogger(__name__)
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")  # of a newsletter, as long as its column
CONFIRM = "confirm"  # kind of the submission that a pressed button becomes
PATIENCE = timedelta(hours=48)  # from collection: of the sign-up itself only the day is known
UNKNOWN = timedelta(days=5)  # we say: two days, and the address goes within about a week after


@dataclass(frozen=True, slots=True)
class Expected:
    """A sign-up that was noted: what the confirmation letter needs to know."""

    id: UUID
    language: str
    copy: UnattendedCopy | None


@transaction.atomic
def expect(submission: Submission, keys: Path, at: datetime) -> Expected:
    """Note a sign-up until it is confirmed, at most 48 hours from now.

    Raises:
        UnreadableError: the submission is none that our counter makes.
    """
    consent = submission.payload.get("consent")
    newsletters = submission.payload.get("newsletters")
    if not isinstance(consent, dict):
        raise UnreadableError("subscribe: consent")
    if not isinstance(newsletters, list):
        raise UnreadableError("subscribe: newsletters")
    codes = [each for each in newsletters if isinstance(each, str) and CODE.fullmatch(each)]
    if not codes:
        raise UnreadableError("subscribe: newsletters")
    key = uuid4()
    pending = Pending.objects.create(
        id=key,
        token=_confirms(keys, key),
        sealed=store.sealed_to_reader(submission),
        newsletters=codes[:20],
        language=submission.text("language", 12),
        consent_version=str(consent.get("version"))[:64],
        consent_sha256=str(consent.get("sha256"))[:64],
        consent_day=submission.day,
        expires_at=store.full_hour_after(at + PATIENCE),
    )
    return Expected(key, pending.language, store.keep_copy(submission, keys, at))


@transaction.atomic
def recognise(
    pending: UUID, keys: Path, address: str, at: datetime, key: str | None = None
) -> bool:
    """Say whether the confirmation of a sign-up may be sent to this address, and count it.

    It may not when the sign-up is gone, when another of the same address is open, or when the
    address was written to twice within seven days and nobody pressed the button: our
    confirmations must not be a way to flood somebody's mailbox. Trying the same letter again is
    not counted again. A note is sealed, which stays if nobody confirms.

    Each letter is written anew, with the link that today's `letters.key` makes. So what is kept
    becomes the hash of that one, at the first try and at each other.

    From now on this address is the sign-up's. A counter seals each one twice, and whoever broke
    into it can seal two addresses: on record is the one whose owner presses the button.

    `key` is the unattended key that opened the address; None after an unlock, which gives a sign-up
    two more days and takes the newest. A letter may be tried for the first time long after it was
    queued: under a newer key than its own a guess could be tested when all else of it is closed.
    """
    ours = Pending.objects.filter(pk=pending)
    found = ours.values_list("limit_tag", "language").first()
    if found is None:
        return False
    known, language = found
    tags = {name: limit_tag(key, address) for name, key in unattended.limit_keys(keys).items()}
    written = {"sealed": seal(address, reader_public(keys)), "token": _confirms(keys, pending)}
    if known and known in tags.values():
        return bool(ours.update(**written))
    others = Pending.objects.filter(expires_at__gt=at).exclude(pk=pending)
    if others.filter(limit_tag__in=tags.values()).exists():
        return False
    if not limits.allow(address, pending, at):
        return False
    name = max(tags, default="") if key is None else key  # names begin with the hour
    note = store.sealed_here(unanswered.note(address, language, at), keys)
    tag = tags.get(name, "")
    return bool(ours.update(**written, limit_key=name, limit_tag=tag, note=note))


def _confirms(keys: Path, pending: UUID) -> str:
    """Return the hash of the token that stands in a confirmation's link."""
    return tokens.digest(tokens.token(letters_key(keys), "confirm", pending.hex))


@transaction.atomic
def note_late_letter(pending: UUID, at: datetime) -> None:
    """Give a sign-up 48 hours from now: its letter could be handed over only after an unlock."""
    Pending.objects.filter(pk=pending, expires_at__lt=at + PATIENCE).update(
        expires_at=store.full_hour_after(at + PATIENCE)
    )


@transaction.atomic
def confirm(token: str, keys: Path, at: datetime, pressed: date | None = None) -> bool:
    """Turn the sign-up with this token's hash into subscriptions, and say whether there was one.

    Confirming twice, or after 48 hours, finds nothing and changes nothing. The reader has no tag
    yet: the next unlock finds out whether it is somebody we know (`merge`).

    `pressed` is the day on which the counter took it in. Whoever pressed in time is not late
    because the desk was off, or a key was missing. No hour of it is known, so a link that ends on
    that day counts as open.
    """
    in_time = Q(expires_at__gt=at)
    if pressed is not None:
        in_time |= Q(expires_at__gt=datetime.combine(pressed, time.min, UTC))
    open_ones = Pending.objects.select_for_update().filter(in_time)
    pending = open_ones.filter(token=token).first()
    if pending is None:
        return False
    reader = Reader.objects.create(sealed=bytes(pending.sealed))
    for newsletter in dict.fromkeys(pending.newsletters):
        _subscribe(reader, newsletter, pending, keys, at.date())
    limits.forgive(pending.pk)
    pending.delete()
    return True


@transaction.atomic
def merge(reader: int, tag: str, sealed: bytes) -> bool:
    """Give a reader its tag and a fresh seal; where somebody has the tag, the two become one.

    `sealed` is the same address, sealed anew: an old backup that holds the sign-up, with its hour,
    shares no bytes with the reader then.

    The newest consent counts, and so does the newest spelling of the address. The links of all
    letters keep working: the older subscription stays, and keeps those of the newer one. Returns
    whether two became one.
    """
    new = Reader.objects.select_for_update().filter(pk=reader).first()
    if new is None or new.tag == tag:
        return False
    known = Reader.objects.select_for_update().filter(tag=tag).first()
    if known is None:
        Reader.objects.filter(pk=reader).update(tag=tag, sealed=sealed)
        return False
    for subscription in new.subscriptions.all():
        _merge_subscription(known, subscription)
    Reader.objects.filter(pk=known.pk).update(sealed=sealed)
    new.delete()
    return True


@transaction.atomic
def merge_forged(reader: int, tag: str, sealed: bytes) -> bool:
    """Tag a reader whose address no form of ours takes; delete it if somebody has the tag.

    Only an older program can have confirmed one: it believed what a counter sealed. So it takes
    nobody's place, and is not lost. Arguments and result are those of `merge`.
    """
    if not Reader.objects.filter(tag=tag).exists():
        return merge(reader, tag, sealed)
    return bool(Reader.objects.filter(pk=reader, tag__isnull=True).delete()[0])


def _merge_subscription(known: Reader, new: Subscription) -> None:
    consent = {
        name: getattr(new, name)
        for name in (
            *("language", "state", "consent_version", "consent_sha256"),
            *("consent_day", "confirmed_day", "left_day"),
        )
    }
    older = known.subscriptions.filter(newsletter=new.newsletter).first()
    if older is None:
        Subscription.objects.filter(pk=new.pk).update(reader=known)
        return
    Subscription.objects.filter(pk=older.pk).update(**consent)
    new.former_links.update(subscription=older)
    for token in filter(None, (new.leave_token, new.former_leave_token)):
        FormerLeaveLink.objects.create(token=token, subscription=older)


def _subscribe(reader: Reader, newsletter: str, pending: Pending, keys: Path, day: date) -> None:
    key = uuid4()
    Subscription.objects.create(
        key=key,
        reader=reader,
        newsletter=newsletter,
        leave_token=tokens.digest(tokens.token(letters_key(keys), "leave", key.hex)),
        language=pending.language,
        consent_version=pending.consent_version,
        consent_sha256=pending.consent_sha256,
        consent_day=pending.consent_day,
        confirmed_day=day,
    )


@transaction.atomic
def leave(token: str, day: date) -> bool:
    """End the subscription with this token's hash, and say whether there was an active one.

    The hash of a letter from before `tamizdat resetkey`, or from before two subscriptions became
    one, does it, too. Who has left everything is forgotten at once: there is no list of those who
    left.
    """
    if not token:
        return False  # most subscriptions have no former one
    links = FormerLeaveLink.objects.filter(token=token)
    former = Q(former_leave_token=token) | Q(
        pk__in=list(links.values_list("subscription", flat=True))
    )
    ours = Subscription.objects.filter(Q(leave_token=token) | former)
    left = ours.filter(state=Subscription.State.ACTIVE).update(
        state=Subscription.State.LEFT, left_day=day
    )
    if left:
        reader = Reader.objects.get(subscriptions__in=ours)
        if not reader.subscriptions.filter(state=Subscription.State.ACTIVE).exists():
            reader.delete()
    return bool(left)


@transaction.atomic
def forget_sign_up(pending: UUID) -> None:
    """Forget a sign-up that is of no use, with its letter."""
    expiring.forget_with([pending])
    Pending.objects.filter(pk=pending).delete()


@transaction.atomic
def expire(keys: Path, at: datetime) -> int:
    """Forget the sign-ups that nobody confirmed in time, with their letters; return how many.

    That one of them was written to stays as a note, for the next unlock to count. No key file has
    to be right for this, and a note that cannot be kept goes: what is over is over.

    One whose letter could not be handed over in 48 hours is not over: it waits for the next unlock,
    and has 48 hours from then. Nor is one whose confirmation the counter took in and nobody could
    act on yet, or may have taken in while its database is away: for five days. One that a clock
    noted when it was ahead has 48 hours from now.
    """
    longest = store.full_hour_after(at + PATIENCE)
    Pending.objects.filter(expires_at__gt=longest).update(expires_at=longest)
    late = Pending.objects.filter(expires_at__lte=at)
    unconfirmed = _unconfirmed(dict(late.values_list("token", "pk")), at)
    over = expiring.over(unconfirmed)
    expiring.forget_with(over)
    gone = Pending.objects.filter(pk__in=over)
    for note in filter(None, gone.values_list("note", flat=True)):
        _keep_note(bytes(note), keys)
    gone.delete()
    return len(over)


def _unconfirmed(late: Mapping[str, UUID], at: datetime) -> list[UUID]:
    """Return those of the sign-ups, by their tokens' hashes, of which no confirmation waits.

    Where the counter's database is away nobody knows. Then they are those that are long over.
    """
    if not late:
        return []
    try:
        confirmed = {str(each.payload.get("token")) for each in collecting.waiting(CONFIRM)}
    except Exception as error:
        if not trouble(error):
            raise
        long_over = Pending.objects.filter(expires_at__lte=at - UNKNOWN, pk__in=late.values())
        return list(long_over.values_list("pk", flat=True))
    return [pending for token, pending in late.items() if token not in confirmed]


def _keep_note(note: bytes, keys: Path) -> None:
    try:
        with transaction.atomic():
            store.keep_note(note, keys)
    except Exception as error:
        if trouble(error):
            raise
        log.warning("a note of a confirmation could not be kept: %s", where(error))


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
