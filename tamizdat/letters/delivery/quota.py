"""How many letters a mailbox may still get that sealed records ask for.

Every wish passes here before its letter is queued. Confirmations are counted where a sign-up is
recognised (`readers.actions`), by the same limits.

While the reader key is unlocked rows are asked (`readers.mailboxes.unanswered`). What goes out
unattended is counted in memory (`readers.mailboxes.limits`), and noted for the next unlock.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from tamizdat.letters.delivery.opened import Opened
from tamizdat.letters.delivery.round_keys import RoundKeys
from tamizdat.readers.mailboxes import addresses, unanswered
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.models import SealedRecord
from tamizdat.readers.sealed_records import store, wishes
from tamizdat.readers.sealed_records.wishes import Wish
from tamizdat.readers.sealing.records import Record


class QuotaError(Exception):
    """A handler wanted to send a letter for which the quota is used up."""


def measured(one: Opened, unlocked: RoundKeys, at: datetime) -> Wish:
    """Return the wish, with how many letters may still go to its mailbox."""
    wish = one.wish
    if not wish.attended:
        return replace(wish, remaining=int(limits.may(one.record.address, one.row.pk, at)))
    budget = wishes.budget(wish.kind)
    sent = unanswered.letters(_tag(unlocked, wish.limit, budget))
    known = unanswered.letters(_tag(unlocked, wish.limit, wishes.ALL))
    return replace(wish, remaining=wishes.most(budget) - sent, unanswered=known)


def take(one: Opened, unlocked: RoundKeys, at: datetime) -> None:
    """Count a letter that is about to be queued.

    Raises:
        QuotaError: it may not go.
    """
    if measured(one, unlocked, at).remaining < 1:
        raise QuotaError
    if one.wish.attended:
        budget = wishes.budget(one.wish.kind)
        _count(one, unlocked, (budget, unanswered.kept_until(at)), at)
    elif not limits.allow(one.record.address, one.row.pk, at):
        raise QuotaError
    else:
        _keep(unanswered.note(one.record.address, one.record.language, at), unlocked)


def count_notes(opened: Sequence[Opened], unlocked: RoundKeys, at: datetime) -> list[Opened]:
    """Count what went out unattended, and return the records that are left.

    The address goes with its note. It stays, sealed, only where a mailbox is to get nothing more:
    so that what goes out unattended can be kept from it, too.

    Raises:
        EndedError: the reader key was locked meanwhile. What is not counted stays a note.
    """
    notes = [one for one in opened if one.record.kind == unanswered.NOTE]
    full = {one.wish.limit: one for one in notes if _is_full(one, unlocked)}
    for one in full.values():
        limits.silence(one.record.address, at)
    gone = [one for one in notes if one is not full.get(one.wish.limit)]
    kept = [*full.values(), *filter(None, (_count_note(one, unlocked, at) for one in gone))]
    return [*(one for one in opened if one.record.kind != unanswered.NOTE), *kept]


def welcome(address: str, unlocked: RoundKeys) -> None:
    """Forget the letters to a mailbox whose owner pressed a button."""
    limit = addresses.limit_tag(unlocked.duplicates, address)
    unanswered.answered(_tag(unlocked, limit, budget) for budget in wishes.budgets())
    limits.welcome(address)


@transaction.atomic
def _count_note(one: Opened, unlocked: RoundKeys, at: datetime) -> Opened | None:
    """Count a letter and forget its note; return another note if the mailbox is full now."""
    unlocked.check()
    store.forget(one.row)
    until = _until(one.record)
    if one.record.details.get("full") or until is None or until <= at.date():
        return None
    return _count(one, unlocked, (wishes.ALL, until), at)


def _count(one: Opened, unlocked: RoundKeys, what: tuple[str, date], at: datetime) -> Opened | None:
    budget, until = what
    there = unanswered.add(_tag(unlocked, one.wish.limit, budget), until)
    if budget != wishes.ALL or there != wishes.most(budget):
        return None
    limits.silence(one.record.address, at)
    note = unanswered.note(one.record.address, one.record.language, at)
    note = replace(note, details={**note.details, "full": True})
    return replace(one, row=_keep(note, unlocked), record=note, copy=None)


def _is_full(one: Opened, unlocked: RoundKeys) -> bool:
    """Say whether a note says that its mailbox is to get nothing more, and that is still so."""
    there = unanswered.letters(_tag(unlocked, one.wish.limit, wishes.ALL))
    return one.record.details.get("full") is True and there >= wishes.most(wishes.ALL)


def _keep(note: Record, unlocked: RoundKeys) -> SealedRecord:
    return store.keep_record(note, unlocked.newsroom.keys)


def _tag(unlocked: RoundKeys, limit: str, budget: str) -> str:
    return unanswered.tag(unlocked.unanswered, limit, budget)


def _until(record: Record) -> date | None:
    try:
        return date.fromisoformat(str(record.details.get("until")))
    except ValueError:
        return None
