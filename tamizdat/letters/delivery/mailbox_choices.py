"""What whoever reads a mailbox said of it: write to me, or write nothing more.

Both came by the link that each letter carries. "Nothing more" stays, sealed with the address, and
is the one thing that an erasure leaves: else the next stranger's form would bring a letter again.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from tamizdat.letters import data_requests
from tamizdat.letters.delivery import forgetting, quota
from tamizdat.letters.delivery.forgetting import Held
from tamizdat.letters.delivery.opened import Opened
from tamizdat.letters.delivery.round_keys import RoundKeys
from tamizdat.lib.each_alone import EachAlone
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.mailboxes.mailbox_links import CHOICE, STOP, YES
from tamizdat.readers.mailboxes.unanswered import NOTE
from tamizdat.readers.models import SealedRecord
from tamizdat.readers.sealed_records import store, wishes
from tamizdat.readers.sealed_records.wishes import Wish
from tamizdat.readers.sealing.records import Record

STOPPED = "stopped"  # kind of the record that stays
MOST = 100_000  # mailboxes whose last choice is remembered
Act = Callable[[Opened, list[Opened], RoundKeys], list[Opened]]


@dataclass
class Said:
    """What is known of mailboxes after a look: `Wish.limit` of each, and the notes that stay.

    `waiting` are those whose yes could not be carried out. By `Wish.mailbox` it knows for whom an
    erasure is asked (`erasing`), and who is on record and was not compared yet (`uncompared`).
    """

    stopped: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    erasing: set[str] = field(default_factory=set)
    uncompared: set[str] = field(default_factory=set)
    notes: list[Opened] = field(default_factory=list)

    def told(self, one: Opened) -> Opened:
        """Return the record with what was said of its mailbox."""
        stopped = one.wish.limit in self.stopped
        compared = one.wish.mailbox not in self.uncompared
        return replace(one, wish=replace(one.wish, stopped=stopped, compared=compared))

    def is_unwanted(self, wish: Wish) -> bool:
        """Say whether a wish ends because its mailbox is to get nothing more."""
        return self._concerns(wish, self.stopped - self.waiting)

    def waits(self, wish: Wish) -> bool:
        """Say whether a wish has to wait for something else that was said of its mailbox.

        Without the yes it might end in this look. An erasure deletes it; it is not answered where
        that fails.
        """
        to_be_erased = wish.mailbox in self.erasing and wish.kind != data_requests.ERASURE
        return to_be_erased or self._concerns(wish, self.waiting)

    def _concerns(self, wish: Wish, mailboxes: set[str]) -> bool:
        return wish.limit in mailboxes and wish.kind not in data_requests.KINDS


class _Heard:
    """The last choice of each mailbox that was heard since this process began: the row it is in.

    Only memory knows which of two came later: a row with a time or a number would tell of when it
    is, or join the two. The tags are made with a key of this process.
    """

    def __init__(self) -> None:
        self._rows: OrderedDict[str, UUID] = OrderedDict()

    def note(self, one: Opened) -> SealedRecord | None:
        """Remember a choice, and return the row of the one that it takes the place of."""
        earlier = self._rows.pop(one.wish.limit, None)
        self._rows[one.wish.limit] = one.row.pk
        if len(self._rows) > MOST:
            self._rows.popitem(last=False)
        return None if earlier is None else SealedRecord(pk=earlier)


_heard = _Heard()


def hear(opened: Sequence[Opened], at: datetime) -> list[Opened]:
    """Note in memory what was said, by records that an unattended key opens; return the others.

    The records wait for the reader key, without their copies. One takes the place of an earlier one
    of its mailbox that still waits. Of two that are heard in one look nobody knows which came last:
    then nothing more is sent.
    """
    choices = [one for one in opened if one.record.kind == CHOICE]
    for one in sorted(choices, key=lambda one: one.record.details["say"] == STOP):
        _remember(one, at)
        store.drop_copy(one.row)
        if (earlier := _heard.note(one)) is not None:
            store.forget(earlier)
    return [one for one in opened if one.record.kind != CHOICE]


def hear_stops(opened: Sequence[Opened], at: datetime) -> None:
    """Note in memory who wants nothing more, before anything is done: what follows may fail.

    Where a yes stands beside what stays of an earlier stop, it ends that: nothing is noted.
    """
    yes = {one.wish.limit for one in _of(opened, CHOICE, YES)}
    stayed = (one for one in _of(opened, STOPPED) if one.wish.limit not in yes)
    for one in (*_of(opened, CHOICE, STOP), *stayed):
        limits.stop(one.record.address, at)


def carry_out(
    opened: Sequence[Opened], unlocked: RoundKeys, tried: EachAlone, at: datetime
) -> tuple[list[Opened], Said]:
    """Do what was said, and return what is known then and the records that are left.

    Where both stand, nothing more is sent: nobody knows which came last (`hear`). A choice is
    deleted in the transaction that writes it into every record that it concerns: a look can end at
    any moment after it. One that fails is noted in `tried` and holds up no other; until it is
    carried out, nothing that forms ask for goes to its mailbox.

    Raises:
        EndedError: the reader key was locked meanwhile.
        django.db.Error: the database is lost.
    """
    said, left = Said(), list(opened)
    for one in _of(left, CHOICE, YES):
        left = _alone(_welcome, one, left, unlocked, tried)
        if tried.has_failed(one.row.pk):
            said.waiting.add(one.wish.limit)
    if stops := _of(left, CHOICE, STOP):
        held = forgetting.held_by_limit(unlocked)
        for one in stops:
            _hear_stop(one, said, at)
            left = _alone(partial(_stop, held), one, left, unlocked, tried)
    for one in _of(left, STOPPED):
        _hear_stop(one, said, at)
    said.notes = _of(left, NOTE)
    said.erasing = {one.wish.mailbox for one in _of(left, data_requests.ERASURE)}
    said.uncompared = set(forgetting.without_tag(unlocked))
    return [one for one in left if one.record.kind not in (CHOICE, STOPPED, NOTE)], said


def _hear_stop(one: Opened, said: Said, at: datetime) -> None:
    said.stopped.add(one.wish.limit)
    limits.stop(one.record.address, at)


def _of(opened: Sequence[Opened], kind: str, what: str | None = None) -> list[Opened]:
    found = (one for one in opened if one.record.kind == kind)
    return [one for one in found if what is None or one.record.details.get("say") == what]


def _alone(
    act: Act, one: Opened, left: list[Opened], unlocked: RoundKeys, tried: EachAlone
) -> list[Opened]:
    unlocked.check()
    done: list[list[Opened]] = []
    with tried.one(one.row.pk), transaction.atomic():
        done.append(act(one, left, unlocked))
    return done[0] if done else left


def _welcome(one: Opened, left: list[Opened], unlocked: RoundKeys) -> list[Opened]:
    """Forget what was held against the mailbox, and write the yes into each wish that asks for it.

    The choice ends with that: who answers the wishes may do so much later.
    """
    quota.welcome(one.record.address, unlocked)
    limits.resume(one.record.address)
    held = [*_of(left, STOPPED), *_of(left, NOTE)]
    over = {one.row.pk, *(each.row.pk for each in held if each.wish.limit == one.wish.limit)}
    store.forget_all(each.row for each in left if each.row.pk in over)
    rest = (each for each in left if each.row.pk not in over)
    return [_welcomed(each, one.wish.limit, unlocked) for each in rest]


def _welcomed(one: Opened, limit: str, unlocked: RoundKeys) -> Opened:
    if one.wish.limit != limit:
        return one
    details = wishes.welcomed(one.record.kind, one.record.details)
    if details == one.record.details:
        return one
    record = replace(one.record, details=details)
    store.mark(one.row, record, unlocked.newsroom.keys)
    return replace(one, record=record, wish=replace(one.wish, details=details))


def _stop(held: Held, one: Opened, left: list[Opened], unlocked: RoundKeys) -> list[Opened]:
    """Forget all that is held of the mailbox, but for this and for requests made at the desk.

    All spellings of its address are one: who says so knows of one that reaches them.
    """
    limit = one.wish.limit
    asked = data_requests.KINDS
    rest = [each for each in left if each.wish.limit != limit or each.record.kind in asked]
    kept = {each.row.pk for each in rest}
    over = [each.row for each in left if each.row.pk not in kept]
    forgetting.forget_everything(over, limit, held)
    record = Record(STOPPED, one.record.address, one.wish.language)
    row = store.keep_record(record, unlocked.newsroom.keys)
    return [*rest, replace(one, row=row, record=record, copy=None)]


def _remember(one: Opened, at: datetime) -> None:
    if one.record.details["say"] == STOP:
        limits.stop(one.record.address, at)
    else:
        limits.resume(one.record.address)
