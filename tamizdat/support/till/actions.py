"""The only writers of the books; each is one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, router, transaction
from django.db.models import F

from tamizdat.support.providers.base import Snapshot
from tamizdat.support.safety import Refusal
from tamizdat.support.till.drafts import Draft
from tamizdat.support.till.models import Charge, Cursor, Gift, Refusals, Stray
from tamizdat.support.till.states import GIVING, NOT_SETTLED, NOTHING_CAME, Known, apply
from tamizdat.support.tokens import digest


def books() -> str:
    """Return the name of the database that holds the books."""
    return router.db_for_write(Gift)


def month_of(at: date) -> date:
    """Return the first day of a month, the finest time that the books keep."""
    return date(at.year, at.month, 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft whose card may be charged: of which country, by which service."""

    draft: Draft
    country: str
    provider: str


def open_attempt(checked: Checked, at: datetime) -> Gift | None:
    """Return the row of the attempt that this card may make, written before the service is called.

    An attempt belongs to the country of the card that began it. The row that is returned may
    be another card's: somebody pressed twice, or paid with two cards at once. The caller must
    compare the country, and must charge nothing where it differs. A new attempt begins only
    after the last one ended with nothing.

    Returns:
        None after the last attempt: the books count them, so a restart gives nobody more.
    """
    for key in checked.draft.keys:
        gift = _opened(checked, key, at)
        if gift.state not in NOTHING_CAME:
            return gift
    return None


def _opened(checked: Checked, key: str, at: datetime) -> Gift:
    """Return the row of a key, written now if it does not stand. One of two writers wins."""
    standing = Gift.objects.filter(key=key).first()
    if standing is not None:
        return standing
    draft = checked.draft
    gift = Gift(
        key=key,
        provider=checked.provider,
        token_hash=digest(draft.token),
        minor=draft.money.minor,
        currency=draft.money.currency,
        interval=draft.interval,
        country=checked.country,
        state="submitting",
        month=month_of(at),
        open_since=at,
    )
    try:
        with transaction.atomic(using=books()):
            gift.save(force_insert=True)
    except IntegrityError:
        return Gift.objects.get(key=key)
    return gift


def apply_snapshot(provider: str, snapshot: Snapshot) -> Gift | None:
    """Bring the books in line with what the service says, and return the gift.

    A gift that we do not know is kept as a stray and None returned: money that came without
    a row is a question for a human.
    """
    with transaction.atomic(using=books()):
        ours = Gift.objects.select_for_update().filter(provider=provider)
        gift = ours.filter(key=snapshot.key).first() or ours.filter(ref=snapshot.ref).first()
        if gift is None:
            _keep_unmatched_charge(provider, snapshot)
            return None
        known = apply(Known(gift.state, gift.turn, gift.ref), snapshot)
        gift.state, gift.turn, gift.ref = known.state, known.version, known.ref
        gift.reason = (snapshot.reason or "") if known.state == "failed" else ""
        if known.state not in NOT_SETTLED:
            gift.open_since = None
        gift.save(update_fields=["state", "turn", "ref", "reason", "open_since"])
        _write_charges(gift, snapshot)
    return gift


def _write_charges(gift: Gift, snapshot: Snapshot) -> None:
    known = set(gift.charges.values_list("ref", flat=True))
    Charge.objects.bulk_create(
        [
            Charge(
                gift=gift,
                provider=gift.provider,
                ref=paid.ref,
                minor=paid.money.minor,
                currency=paid.money.currency,
                month=month_of(paid.at),
            )
            for paid in snapshot.charges
            if paid.ref not in known
        ],
        ignore_conflicts=True,
    )


def _keep_unmatched_charge(provider: str, snapshot: Snapshot) -> None:
    """Keep a stray, if money came with it: a forgotten attempt that failed is none."""
    if snapshot.charges:
        month = month_of(snapshot.charges[-1].at)
        Stray.objects.get_or_create(provider=provider, ref=snapshot.ref, defaults={"month": month})


def refuse(reason: Refusal, at: datetime) -> None:
    """Count a card that we did not take. Nothing else is written."""
    with transaction.atomic(using=books()):
        counter, _ = Refusals.objects.get_or_create(day=at.date(), reason=reason)
        Refusals.objects.filter(pk=counter.pk).update(count=F("count") + 1)


def expire(key: str) -> None:
    """Close a gift that the service never heard of. A later success would open it again."""
    Gift.objects.filter(key=key, state="submitting").update(state="expired", open_since=None)


def ask_to_stop(token_hash: str) -> list[Gift]:
    """Keep the wish to stop these gifts, before the service is told. Return those to stop."""
    theirs = Gift.objects.filter(token_hash=token_hash, state__in=(*NOT_SETTLED, *GIVING))
    theirs.exclude(interval="once").update(to_stop=True)
    return list(Gift.objects.filter(token_hash=token_hash, to_stop=True, state__in=GIVING))


def ask_to_stop_listed(countries: frozenset[str]) -> int:
    """Keep the wish to stop all gifts by cards of these countries, and return how many are new.

    Nobody is written to: a letter about it would be evidence in itself.
    """
    alive = Gift.objects.filter(country__in=countries, state__in=(*NOT_SETTLED, *GIVING))
    return alive.filter(to_stop=False).exclude(interval="once").update(to_stop=True)


def wish_receipt(token_hash: str) -> bool:
    """Note that a receipt is wished for the gift of a token.

    Returns:
        False if it was noted before, for any attempt with this token.
    """
    with transaction.atomic(using=books()):
        theirs = Gift.objects.select_for_update().filter(token_hash=token_hash).order_by("key")
        if any(gift.receipt_wished for gift in theirs):
            return False
        return Gift.objects.filter(token_hash=token_hash).update(receipt_wished=True) > 0


def keep_cursor(provider: str, cursor: str) -> None:
    """Remember how far the service's changes are in our books."""
    Cursor.objects.update_or_create(provider=provider, defaults={"cursor": cursor})


def put_right(at: datetime) -> None:
    """Let gifts that a clock opened when it was ahead be open since now.

    Else nobody asks the service about them until that day comes.
    """
    Gift.objects.filter(open_since__gt=at).update(open_since=at)


def forget_failed(at: datetime) -> int:
    """Delete attempts of which nothing came, from before the last month."""
    this = month_of(at)
    last = month_of(date(this.year - (this.month == 1), (this.month - 2) % 12 + 1, 1))
    old = Gift.objects.filter(state__in=NOTHING_CAME, month__lt=last, charges=None)
    return old.delete()[0]
