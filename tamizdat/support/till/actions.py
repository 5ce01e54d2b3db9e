"""The only writers of the books; each is one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, router, transaction
from django.db.models import F

from tamizdat.support.providers.base import Snapshot
from tamizdat.support.safety import Refusal
from tamizdat.support.till.drafts import Draft
from tamizdat.support.till.models import Charge, Contribution, Cursor, Refusals, UnmatchedCharge
from tamizdat.support.till.states import GIVING, NOT_SETTLED, NOTHING_CAME, Known, apply
from tamizdat.support.tokens import digest


def books() -> str:
    """Return the name of the database that holds the books."""
    return router.db_for_write(Contribution)


def month_of(at: date) -> date:
    """Return the first day of a month, the finest time that the books keep."""
    return date(at.year, at.month, 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft whose card may be charged: of which country, by which service."""

    draft: Draft
    country: str
    provider: str


def open_attempt(checked: Checked, at: datetime) -> Contribution | None:
    """Return the row of the attempt that this card may make, written before the service is called.

    An attempt belongs to the country of the card that began it. The row that is returned may
    be another card's: somebody pressed twice, or paid with two cards at once. The caller must
    compare the country, and must charge nothing where it differs. A new attempt begins only
    after the last one ended with nothing.

    Returns:
        None after the last attempt: the books count them, so a restart gives nobody more.
    """
    for key in checked.draft.keys:
        contribution = _opened(checked, key, at)
        if contribution.state not in NOTHING_CAME:
            return contribution
    return None


def _opened(checked: Checked, key: str, at: datetime) -> Contribution:
    """Return the row of a key, written now if it does not stand. One of two writers wins."""
    standing = Contribution.objects.filter(key=key).first()
    if standing is not None:
        return standing
    draft = checked.draft
    contribution = Contribution(
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
            contribution.save(force_insert=True)
    except IntegrityError:
        return Contribution.objects.get(key=key)
    return contribution


def apply_snapshot(provider: str, snapshot: Snapshot) -> Contribution | None:
    """Bring the books in line with what the service says, and return the contribution.

    A contribution that we do not know is kept as unmatched and None returned: money that came
    without a row is a question for a human.
    """
    with transaction.atomic(using=books()):
        ours = Contribution.objects.select_for_update().filter(provider=provider)
        contribution = (
            ours.filter(key=snapshot.key).first() or ours.filter(ref=snapshot.ref).first()
        )
        if contribution is None:
            _keep_unmatched_charge(provider, snapshot)
            return None
        known = apply(Known(contribution.state, contribution.version, contribution.ref), snapshot)
        contribution.state, contribution.version, contribution.ref = (
            known.state,
            known.version,
            known.ref,
        )
        contribution.reason = (snapshot.reason or "") if known.state == "failed" else ""
        if known.state not in NOT_SETTLED:
            contribution.open_since = None
        contribution.save(update_fields=["state", "version", "ref", "reason", "open_since"])
        _write_charges(contribution, snapshot)
    return contribution


def _write_charges(contribution: Contribution, snapshot: Snapshot) -> None:
    known = set(contribution.charges.values_list("ref", flat=True))
    Charge.objects.bulk_create(
        [
            Charge(
                contribution=contribution,
                provider=contribution.provider,
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
    """Keep a contribution that we do not know, if money came with it."""
    if snapshot.charges:
        month = month_of(snapshot.charges[-1].at)
        UnmatchedCharge.objects.get_or_create(
            provider=provider, ref=snapshot.ref, defaults={"month": month}
        )


def refuse(reason: Refusal, at: datetime) -> None:
    """Count a card that we did not take. Nothing else is written."""
    with transaction.atomic(using=books()):
        counter, _ = Refusals.objects.get_or_create(day=at.date(), reason=reason)
        Refusals.objects.filter(pk=counter.pk).update(count=F("count") + 1)


def expire(key: str) -> None:
    """Close a contribution that the service never heard of. A later success would open it again."""
    Contribution.objects.filter(key=key, state="submitting").update(
        state="expired", open_since=None
    )


def ask_to_stop(token_hash: str) -> list[Contribution]:
    """Note that these contributions are to stop, before the service is told. Return them."""
    theirs = Contribution.objects.filter(token_hash=token_hash, state__in=(*NOT_SETTLED, *GIVING))
    theirs.exclude(interval="once").update(to_stop=True)
    return list(Contribution.objects.filter(token_hash=token_hash, to_stop=True, state__in=GIVING))


def ask_to_stop_listed(countries: frozenset[str]) -> int:
    """Note that all by cards of these countries are to stop, and return how many are new.

    Nobody is written to: a letter about it would be evidence in itself.
    """
    alive = Contribution.objects.filter(country__in=countries, state__in=(*NOT_SETTLED, *GIVING))
    return alive.filter(to_stop=False).exclude(interval="once").update(to_stop=True)


def wish_receipt(token_hash: str) -> bool:
    """Note that a receipt is wished for the contribution of a token.

    Returns:
        False if it was noted before, for any attempt with this token.
    """
    with transaction.atomic(using=books()):
        theirs = (
            Contribution.objects.select_for_update().filter(token_hash=token_hash).order_by("key")
        )
        if any(contribution.receipt_wished for contribution in theirs):
            return False
        return Contribution.objects.filter(token_hash=token_hash).update(receipt_wished=True) > 0


def unwish_receipt(token_hash: str) -> None:
    """Note that no receipt is wished for any more."""
    Contribution.objects.filter(token_hash=token_hash).update(receipt_wished=False)


def keep_cursor(provider: str, cursor: str) -> None:
    """Remember how far the service's changes are in our books."""
    Cursor.objects.update_or_create(provider=provider, defaults={"cursor": cursor})


def put_right(at: datetime) -> None:
    """Let contributions that a clock opened when it was ahead be open since now.

    Else nobody asks the service about them until that day comes.
    """
    Contribution.objects.filter(open_since__gt=at).update(open_since=at)


def forget_failed(at: datetime) -> int:
    """Delete attempts of which nothing came, from before the last month."""
    this = month_of(at)
    last = month_of(date(this.year - (this.month == 1), (this.month - 2) % 12 + 1, 1))
    old = Contribution.objects.filter(state__in=NOTHING_CAME, month__lt=last, charges=None)
    return old.delete()[0]
