"""Look at what waits sealed: answer what is due, keep the rest, sealed anew.

Records with an unattended copy are looked at in each round. All others are looked at once after
each unlock, and once more when a day begins while the reader key is unlocked. Where they are many,
a round answers 500 of them, and letters leave before the next 500.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from time import monotonic
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from tamizdat.letters import data_requests, keyring, outbox
from tamizdat.letters.alerts import held_up
from tamizdat.letters.delivery import forgetting, mailbox_choices, merging, quota
from tamizdat.letters.delivery.mailbox_choices import Said
from tamizdat.letters.delivery.opened import Opened, everything, unattended
from tamizdat.letters.delivery.round_keys import EndedError, RoundKeys, round_keys
from tamizdat.letters.outbox import Addressed, Words
from tamizdat.letters.outbox.single_sender import single_sender
from tamizdat.lib.alerts import Alert
from tamizdat.lib.each_alone import EachAlone
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.models import SealedRecord
from tamizdat.readers.sealed_records import store, wishes
from tamizdat.readers.sealed_records.wishes import AllWaitError, Answer, NotNowError, Reply, Wish
from tamizdat.readers.sealing import AddressError, records
from tamizdat.readers.sealing.records import Record

WAITING = Alert(
    "sealed-records",
    "{failed} sealed records (reminders, receipts, requests of readers) could not be answered.",
    "",
    "They are kept and tried again every minute while the reader key is unlocked. If it stays so, "
    "report the cause.",
)
log = logging.getLogger(__name__)
AT_ONCE = 500  # records of one round, so that letters need not wait for all
IN_VAIN = 3  # wishes of a kind that are asked about in vain: then all others of it wait
PATIENCE_S = 10.0  # of a round for all wishes of a kind: a handler may ask the till


class _LastLook:
    """When all records were last looked at, in which unlocking, on which day.

    Of a look that has begun it knows which records were answered, and whose turn comes next. It
    also knows which records could not be read in the last rounds.
    """

    def __init__(self) -> None:
        self._seen: tuple[datetime, date] | None = None
        self._begun: tuple[datetime | None, date] | None = None
        self._answered: set[UUID] = set()
        self._tried: dict[UUID, int] = {}  # those that wait, by the time when they were tried
        self._times = 0
        self._unread: frozenset[Hashable] = frozenset()

    def is_due(self, unlocked_until: datetime | None, today: date) -> bool:
        """Return whether the records should be looked at now."""
        return unlocked_until is not None and (unlocked_until, today) != self._seen

    def misses_something(self, tried: EachAlone) -> bool:
        """Say whether a record could not be read that could be before; call it once a round.

        It may say that its mailbox wants nothing more, or correct an address. So nothing is
        answered in this round. One that still cannot be read in the next one holds up no other.
        """
        missed = tried.rows - self._unread
        self._unread = self._unread | tried.rows if tried.rows else frozenset()
        return bool(missed)

    def left(
        self, opened: Sequence[Opened], unlocked_until: datetime | None, today: date
    ) -> list[Opened]:
        """Return the records that were not answered yet in this look, in their turn."""
        if (unlocked_until, today) != self._begun:
            self._begun = (unlocked_until, today)
            self._answered.clear()
            self._tried.clear()
        return self.in_turn([one for one in opened if one.row.pk not in self._answered])

    def in_turn(self, opened: Sequence[Opened]) -> list[Opened]:
        """Return the records in order: what was never tried, then what was tried long ago.

        Else a few that always wait would have all others of their kind wait, too.
        """
        return sorted(opened, key=lambda one: self._tried.get(one.row.pk, 0))

    def is_new(self, one: Opened) -> bool:
        """Say whether a record was not tried yet in this look."""
        return one.row.pk not in self._tried

    def note_tried(self, opened: Iterable[Opened], this: "_Round") -> list[Opened]:
        """Note which of these wait, and return those that were answered."""
        self._times += 2
        answered = []
        for one in opened:
            if one.row.pk in this.skipped:
                self._tried[one.row.pk] = self._times
            elif one.row.pk in this.in_vain or this.tried.has_failed(one.row.pk):
                self._tried[one.row.pk] = self._times + 1
            else:
                self._tried.pop(one.row.pk, None)
                answered.append(one)
        return answered

    def note_answered(self, answered: Iterable[Opened]) -> None:
        """Note that these need nothing more in this look."""
        self._answered.update(one.row.pk for one in answered)

    def note(self, unlocked_until: datetime | None, today: date) -> None:
        """Note that all were answered: a look in which one waits for somebody is due again."""
        self._seen = None if unlocked_until is None else (unlocked_until, today)
        self._answered.clear()
        self._tried.clear()


_last_look = _LastLook()


@dataclass(frozen=True, slots=True)
class _Round:
    """What one round of looking works with, and the kinds of which all others wait.

    Who answers for a kind may be away, or slow and make no sense: they hold up no other kind.
    """

    unlocked: RoundKeys
    at: datetime
    tried: EachAlone = field(default_factory=EachAlone)
    waiting: set[str] = field(default_factory=set)
    skipped: set[UUID] = field(default_factory=set)  # records of these kinds: nobody was asked
    in_vain: set[UUID] = field(default_factory=set)  # records that can be answered later only
    _spent: defaultdict[str, float] = field(default_factory=partial(defaultdict, float))
    _failures: Counter[str] = field(default_factory=Counter)

    def ask(self, handler: wishes.Handler, wish: Wish, others: Sequence[Wish]) -> Answer:
        """Return what a handler answers.

        Raises:
            NotNowError: the wish has to wait.
        """
        began = monotonic()
        try:
            return handler(wish, others, self.at)  # may ask the till: no lock waits for that
        except AllWaitError:
            self.waiting.add(wish.kind)
            raise
        except NotNowError:
            self._failures[wish.kind] += 1
            raise
        finally:
            self._spent[wish.kind] += monotonic() - began
            if self._failures[wish.kind] >= IN_VAIN or self._spent[wish.kind] >= PATIENCE_S:
                self.waiting.add(wish.kind)


def look(at: datetime) -> int:
    """Answer the wishes that can be answered now, and return how many are left to be tried at once.

    A record that can be answered later only, as while the till is away, is tried in the next round.
    So is one of its kind that nobody was asked about.

    A record that fails waits, and holds up no other: an alert tells how many, and the cause. It is
    tried again in the next round. Only one that cannot be read has the others wait for one round,
    since nobody knows what it says of them. When the reader key is locked meanwhile, the rest waits
    for the next unlock.
    """
    newsroom = settings.NEWSROOM
    with single_sender(newsroom.data) as turn:
        if turn is None or not _are_ours(newsroom, at):
            return 0
        with round_keys(newsroom) as unlocked, suppress(EndedError):
            this = _Round(unlocked, at)
            until = keyring.unlocked_until()
            others = mailbox_choices.hear(unattended(unlocked, this.tried), at)
            if unlocked.reader is not None and _last_look.is_due(until, at.date()):
                left = _look_at_all(this, until)
            else:
                left = 0
                if not _last_look.misses_something(this.tried):
                    _answer_all(_last_look.in_turn(others), others, Said(), this)
                    _last_look.note_tried(others, this)
            this.tried.tell(newsroom.data, WAITING, at)
            return left
    return 0


def _are_ours(newsroom: Newsroom, at: datetime) -> bool:
    """Say whether both keys are ours.

    With another letters.key all would look like forgeries, and with another reader.public what is
    sealed anew would never open again.
    """
    verified = partial(founded_keys.verified, newsroom.data, newsroom.keys, at=at)
    links, seals = verified(founded_keys.LETTERS_KEY), verified(founded_keys.READER_PUBLIC)
    return links and seals


def _look_at_all(this: _Round, until: datetime | None) -> int:
    """Answer 500 records, erasures first; whoever is to be forgotten gets no other letter."""
    today = this.at.date()
    opened = everything(this.unlocked, this.tried)
    mailbox_choices.hear_stops(opened, this.at)
    if _last_look.misses_something(this.tried):
        return 0
    wanted, said = _prepare(opened, this)
    ready = [one for one in wanted if not said.waits(one.wish)]
    in_order = sorted(ready, key=lambda one: one.wish.kind != data_requests.ERASURE)
    left = _last_look.left(in_order, until, today)
    now, later = left[:AT_ONCE], left[AT_ONCE:]
    _answer_all(now, wanted, said, this)
    answered = _last_look.note_tried(now, this)
    _last_look.note_answered(answered)
    if not later and len(answered) == len(now) and not this.tried.failed:
        _last_look.note(until, today)
        held_up.note_look(this.unlocked.newsroom.data, today)
    return sum(_last_look.is_new(one) and one.wish.kind not in this.waiting for one in later)


def _prepare(opened: Sequence[Opened], this: _Round) -> tuple[list[Opened], Said]:
    """Count the letters of the last days before the buttons that were pressed in them.

    Then forget the wishes of mailboxes that are to get nothing more.
    """
    unlocked, at = this.unlocked, this.at
    counted = quota.count_notes(opened, unlocked, at)
    merging.merge_readers(at)
    left, said = mailbox_choices.carry_out(counted, unlocked, this.tried, at)
    for one in left:
        unlocked.check()
        if one.row.again:
            quota.welcome(one.record.address, unlocked)
    for one in left:
        if said.is_unwanted(one.wish):
            store.forget(one.row)
    return [one for one in left if not said.is_unwanted(one.wish)], said


def _answer_all(due: Sequence[Opened], opened: Sequence[Opened], said: Said, this: _Round) -> None:
    """Answer those that are due, in this order. `opened` are all that may concern them."""
    related = defaultdict(list)
    for one in opened:
        for key in _keys(one.wish):
            related[key].append(one.wish)
    for one in due:
        this.unlocked.check()
        near = {wish.id: wish for key in _keys(one.wish) for wish in related[key]}
        del near[one.wish.id]
        if one.wish.kind in this.waiting:
            with this.tried.one(one.row.pk):
                _skip(one, this)
            continue
        theirs = partial(_theirs, one, opened, said)
        with this.tried.one(one.row.pk):
            _answer(said.told(one), list(near.values()), theirs, this)


def _skip(one: Opened, this: _Round) -> None:
    """Let a wish wait; delete it if it may wait no longer."""
    if wishes.is_over(one.wish.kind, one.record.details, this.at.date()):
        store.forget(one.row)
    else:
        this.skipped.add(one.row.pk)


def _keys(wish: Wish) -> Iterable[tuple[str, object]]:
    """Return the keys by which wishes are grouped: the mailbox, and the contribution if any.

    Plus-addresses are one mailbox here: a handler that limits letters has to see all of them.
    """
    yield "limit", wish.limit
    if isinstance(token := wish.details.get("token"), str):
        yield "token", token


def _theirs(one: Opened, opened: Sequence[Opened], said: Said) -> list[SealedRecord]:
    """Return what an erasure deletes: all records of the address, all notes of its mailbox."""
    same = [other.row for other in opened if other.wish.mailbox == one.wish.mailbox]
    return same + [note.row for note in said.notes if note.wish.limit == one.wish.limit]


def _answer(
    one: Opened,
    others: Sequence[Wish],
    theirs: Callable[[], list[SealedRecord]],
    this: _Round,
) -> None:
    """Have a wish answered, unless it has to wait."""
    unlocked, at = this.unlocked, this.at
    handler = wishes.handler(one.wish.kind)
    if handler is None:
        log.warning("a sealed record of an unknown kind was deleted")
        store.forget(one.row)
        return
    wish = quota.measured(one, unlocked, at)
    if one.copy is not None and wish.remaining < 1:
        store.drop_copy(one.row)  # it waits for the reader key, which knows more
        return
    try:
        answer = this.ask(handler, wish, others)
        with transaction.atomic():
            _carry_out(one, answer, unlocked, at)
            if answer.forget_all:
                held = forgetting.held_by_tag(unlocked)
                forgetting.forget_everything(theirs(), one.wish.mailbox, held)
                quota.welcome(one.record.address, unlocked)
    except NotNowError:
        this.in_vain.add(one.row.pk)
    except AddressError:  # it cannot be sealed anew: it has become too long
        if not wishes.is_over(wish.kind, one.record.details, at.date()):
            raise
        store.forget(one.row)
    except quota.QuotaError:
        log.warning("a sealed record waits: the quota of its mailbox is used up")


def _carry_out(one: Opened, answer: Answer, unlocked: RoundKeys, at: datetime) -> None:
    """Queue the letters of an answer, and write what remains of the record.

    Raises:
        NotNowError: the record was ended or changed meanwhile.
    """
    record = replace(one.record, details=answer.keep or {})
    is_same = answer.keep is not None and not answer.letters and record == one.record
    if is_same and not one.wish.again:
        return
    if not store.take(one.row):
        raise NotNowError
    for reply in answer.letters:
        if not reply.asked:
            quota.take(one, unlocked, at)
        _queue(one, reply, unlocked, at)
    if answer.keep is None:
        store.forget(one.row)
    else:
        store.replace(one.row, record, unlocked.newsroom.keys)


def _queue(one: Opened, reply: Reply, unlocked: RoundKeys, at: datetime) -> None:
    """Queue a letter under a number that leads nowhere.

    It is queued once, because the record is sealed anew or deleted in the same transaction. Named
    after the record it would join that with a kind of letter, and tell which payment it is about.
    """
    folder = unlocked.newsroom.keys
    record = Record("letter", one.record.address, one.wish.language, reply.shown)
    copy = store.copy_like(record, folder, one.copy) if one.copy is not None else None
    to = Addressed(records.seal(record, founded_keys.reader_public(folder)), copy)
    words = Words(reply.template, record.language)
    outbox.queue(reply.template, uuid4().hex, to, words, at)
