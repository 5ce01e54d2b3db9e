"""What waits sealed: looked at when it can be opened, answered when it is due, then gone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from tamizdat.letters.alerts import held_up
from tamizdat.letters.delivery import deliver_due, quota, sealed_records
from tamizdat.letters.models import Letter
from tamizdat.letters.tests.conftest import NOON
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import Reader, SealedRecord, Unanswered, UnattendedCopy
from tamizdat.readers.sealed_records import first_wishes, store, wishes
from tamizdat.readers.sealed_records.wishes import AllWaitError, Answer, NotNowError, Reply
from tamizdat.readers.sealing.records import Record
from tests.restarting import restart_letters

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, BOB = "ada@example.org", "bob@example.org"
SHOWN = {"manage_href": "", "again_href": "", "cancel_href": ""}


@pytest.fixture(autouse=True)
def one_kind_of_wish(monkeypatch):
    monkeypatch.setattr(wishes, "_handlers", {})
    monkeypatch.setattr(wishes, "_overs", {})
    monkeypatch.setattr(first_wishes, "_firsts", {})
    first_wishes.register("wish", dict)


@pytest.fixture
def keep(room):
    """Keep a wish as the counter's submissions do."""

    def keep(address=ADA, kind="wish", *, at_once=False, **details):
        record = Record(kind, address, "en", details)
        row = store.keep_record(record, room.keys)
        if at_once:
            row.copy = store.copy_of(record, room.keys, NOON)
            row.save()
        return row

    return keep


@pytest.fixture
def seen():
    """The wishes that a handler saw; it keeps all of them."""
    seen = []

    def handler(wish, others, _at):
        seen.append((wish, others))
        return Answer(keep=wish.details)

    wishes.register("wish", handler)
    return seen


def test_a_look_that_fails_is_due_again(keep, seen, unlocked, monkeypatch):
    """Else what waits would wait for the next unlock, and nobody would be told."""
    keep(n=1)
    with monkeypatch.context() as failing:
        failing.setattr(quota, "count_notes", _fail)
        with pytest.raises(ZeroDivisionError):
            sealed_records.look(NOON)
    assert seen == []

    sealed_records.look(NOON)
    assert [wish.details["n"] for wish, _ in seen] == [1]
    sealed_records.look(NOON)
    assert len(seen) == 1


def test_while_the_reader_key_is_locked_only_what_has_a_copy_is_seen(keep, seen):
    keep(n=1)
    keep(n=2, at_once=True)

    sealed_records.look(NOON)

    assert [wish.details for wish, _ in seen] == [{"n": 2}]


def test_an_unlock_shows_everything_once(keep, seen, unlocked):
    keep(n=1)

    for minute in range(5):
        sealed_records.look(NOON + timedelta(minutes=minute))

    assert len(seen) == 1


def test_a_new_unlock_or_a_new_day_shows_everything_again(keep, seen, unlocked, reader_secret):
    keep(n=1)
    sealed_records.look(NOON)

    sealed_records.look(NOON + timedelta(days=1))
    unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
    sealed_records.look(NOON + timedelta(days=1))

    assert len(seen) == 3


def test_no_handler_sees_an_address(keep, seen, unlocked):
    keep()

    sealed_records.look(NOON)

    assert ADA not in repr(seen[0][0])
    assert not any(
        "@" in str(getattr(seen[0][0], name)) for name in ("mailbox", "limit", "details", "kind")
    )


def test_wishes_of_one_mailbox_or_one_contribution_are_seen_together(keep, seen, unlocked):
    keep(ADA, n=1)
    keep("ADA@example.org", n=2)
    keep(BOB, n=3, token="t")
    keep("mistyped@example.org", n=4, token="t")
    keep("ada+1@example.org", n=5)

    sealed_records.look(NOON)

    near = {wish.details["n"]: {other.details["n"] for other in others} for wish, others in seen}
    assert near == {1: {2, 5}, 2: {1, 5}, 3: {4}, 4: {3}, 5: {1, 2}}


def test_a_plus_address_is_limited_as_its_mailbox_and_is_a_reader_of_its_own(keep, seen, unlocked):
    keep(ADA)
    keep("ada+1@example.org")

    sealed_records.look(NOON)

    one, other = (wish for wish, _ in seen)
    assert one.limit == other.limit
    assert one.mailbox != other.mailbox


class TestAnAnswer:
    @pytest.fixture(params=["unattended", "unlocked"])
    def at_once(self, request):
        if request.param == "unlocked":
            request.getfixturevalue("unlocked")
        return request.param == "unattended"

    def answer(self, answer):
        wishes.register("wish", lambda *_about: answer)
        sealed_records.look(NOON)

    def test_is_a_letter_to_the_address_in_the_record(self, keep, at_once, mailbox):
        keep(at_once=at_once)

        self.answer(Answer((Reply("reminder", SHOWN),)))
        deliver_due(NOON)

        assert mailbox.only()["To"] == ADA
        assert SealedRecord.objects.count() == at_once  # a note, for the next unlock to count
        assert not UnattendedCopy.objects.exists()

    def test_is_sealed_to_no_younger_key_than_what_it_answers(self, keep, room, mailbox):
        """Else the younger key would open it later than promised, wherever a piece of it lies."""
        first = keep(at_once=True).copy
        unattended.rotate(room.keys, NOON + timedelta(hours=40))
        wishes.register("wish", lambda *_about: Answer((Reply("reminder", SHOWN),)))

        sealed_records.look(NOON + timedelta(hours=40))

        copy = Letter.objects.get().copy
        assert (copy.key, copy.until) == (first.key, first.until)

    def test_leaves_no_word_of_it_in_a_column(self, keep, at_once):
        keep(at_once=at_once, token="a manage token", month="2027-01")

        self.answer(Answer((Reply("reminder", {**SHOWN, "amount": "500 EUR"}),), keep={"n": 1}))

        rows = str([list(m.objects.values_list()) for m in (Letter, SealedRecord, UnattendedCopy)])
        assert not any(word in rows for word in (ADA, "manage token", "2027-01", "500 EUR"))

    def test_is_joined_to_its_record_by_no_column(self, keep, at_once, room):
        """A receipt's letter told of which record it was, and its how many-th payment."""
        record = keep(at_once=at_once)

        self.answer(Answer((Reply("reminder", SHOWN),), keep={"n": 1}))

        letter = Letter.objects.get()
        assert SealedRecord.objects.filter(pk=record.pk).exists()
        assert not any(row.pk.hex in letter.about for row in SealedRecord.objects.all())

    def test_that_keeps_something_seals_it_anew_to_the_reader_key_alone(self, keep, at_once):
        before = bytes(keep(at_once=at_once).sealed)

        self.answer(Answer(keep={"told": 1}))

        assert bytes(SealedRecord.objects.get().sealed) != before
        assert not UnattendedCopy.objects.exists()

    def test_that_changes_nothing_leaves_it_as_it_is(self, keep, at_once):
        before = bytes(keep(at_once=at_once, told=0).sealed)

        self.answer(Answer(keep={"told": 0}))

        assert bytes(SealedRecord.objects.get().sealed) == before
        assert UnattendedCopy.objects.exists() == at_once

    def test_given_twice_makes_one_letter(self, keep, at_once, mailbox, monkeypatch):
        """A crash after the answer: the record is looked at again, the letter is there."""
        keep(at_once=at_once)
        with monkeypatch.context() as crashing:
            crashing.setattr(store, "forget", _fail)
            self.answer(Answer((Reply("reminder", SHOWN),)))
        assert not Letter.objects.exists()

        restart_letters()
        self.answer(Answer((Reply("reminder", SHOWN),)))

        assert Letter.objects.count() == 1


class TestRoom:
    """A letter beyond the quota is never queued, whatever its handler says."""

    @pytest.fixture
    def eager(self):
        """A handler that writes to everybody each time."""
        answer = Answer((Reply("reminder", SHOWN),), keep={"n": 1})
        wishes.register("wish", lambda *_about: answer)

    def test_is_for_two_letters_a_week_that_go_out_unattended(self, keep, eager, mailbox):
        rows = [keep(f"ada+{n}@example.org", at_once=True) for n in range(4)]

        sealed_records.look(NOON)

        assert Letter.objects.count() == 2
        assert not UnattendedCopy.objects.filter(record__in=rows).exists()
        assert SealedRecord.objects.count() == 4 + 2  # two notes

    def test_is_for_three_letters_at_unlocks(self, keep, eager, unlocked, caplog):
        for n in range(5):
            keep(f"ada+{n}@example.org")

        sealed_records.look(NOON)

        assert Letter.objects.count() == wishes.MOST
        assert "a sealed record waits: the quota of its mailbox is used up" in caplog.text

    def test_is_not_asked_for_what_the_owner_pressed_a_button_for(self, keep, unlocked):
        asked = Answer((Reply("reminder", SHOWN, asked=True),), keep={"n": 1})
        wishes.register("wish", lambda *_about: asked)
        for n in range(5):
            keep(f"ada+{n}@example.org")

        sealed_records.look(NOON)

        assert Letter.objects.count() == 5
        assert not Unanswered.objects.exists()

    def test_is_counted_by_month_and_by_nothing_else(self, keep, eager, unlocked):
        keep()

        sealed_records.look(NOON)

        row = Unanswered.objects.get()
        assert (row.letters, row.until) == (1, date(2027, 12, 1))

    def test_is_counted_under_another_tag_than_a_reader_s(self, keep, eager, unlocked, subscribe):
        """Else a row would say which reader asked us for something."""
        subscribe(ADA)
        keep()

        sealed_records.look(NOON)

        assert Reader.objects.get().tag != Unanswered.objects.get().tag


def test_a_wish_that_cannot_be_answered_now_stays(keep, room):
    def handler(*_about):
        raise NotNowError

    keep(at_once=True)
    wishes.register("wish", handler)

    sealed_records.look(NOON)

    assert SealedRecord.objects.get().copy is not None


def test_where_all_of_a_kind_must_wait_nobody_is_asked_again_in_this_look(keep, seen, unlocked):
    """A till that hangs costs one wait, not one for each giver: the key is open half an hour."""
    asked = []

    def hangs(wish, *_about):
        asked.append(wish)
        raise AllWaitError

    wishes.register("receipt", hangs)
    for number in range(12):
        keep(kind="receipt", n=number)
    keep(n=1)
    sealed_records.look(NOON)

    assert (len(asked), len(seen)) == (1, 1)
    assert SealedRecord.objects.count() == 13


@pytest.fixture
def receipts_asked_for(keep, seen, monkeypatch):
    """Look at twelve receipts, about which somebody says so; return how many were asked about."""
    now = [0.0]
    monkeypatch.setattr(sealed_records, "monotonic", lambda: now[0])

    def receipts_asked_for(seconds, error):
        asked = []

        def handler(wish, *_about):
            asked.append(wish)
            now[0] += seconds
            if error:
                raise error
            return Answer(keep=wish.details)

        wishes.register("receipt", handler)
        for number in range(12):
            keep(f"reader{number}@example.org", kind="receipt", n=number)
        keep(n=1)
        sealed_records.look(NOON)
        return len(asked)

    return receipts_asked_for


@pytest.mark.parametrize(
    ("seconds", "error", "asked"),
    [(0, NotNowError(), 3), (7, NotNowError(), 2), (7, None, 2), (0.5, None, 12)],
    ids=["nonsense", "nonsense, slowly", "slowly", "well"],
)
def test_who_makes_no_sense_or_is_slow_holds_up_no_other_kind(
    receipts_asked_for, seen, unlocked, seconds, error, asked
):
    assert receipts_asked_for(seconds, error) == asked
    assert len(seen) == 1
    assert SealedRecord.objects.count() == 13


@pytest.mark.parametrize("error", [AllWaitError, NotNowError])
def test_one_hiccup_costs_no_wish_its_unlock(keep, seen, unlocked, room, error):
    """The till was away for a second. All are answered in the next round, with no new unlock."""
    answered, errors = set(), [error()]

    def handler(wish, *_about):
        if errors:
            raise errors.pop()
        answered.add(wish.details["n"])
        return Answer()

    wishes.register("receipt", handler)
    for n in range(5):
        keep(f"reader{n}@example.org", kind="receipt", n=n)
    keep(n=1)
    sealed_records.look(NOON)
    assert held_up.last_look(room.data) is None
    assert len(answered) < 5

    sealed_records.look(NOON)
    assert answered == set(range(5))
    assert held_up.last_look(room.data) == NOON.date()
    assert len(seen) == 1, "what was answered is not asked about again"


def test_a_few_that_always_wait_hold_up_no_other_of_their_kind(keep, unlocked):
    answered = set()

    def handler(wish, *_about):
        if wish.details["n"] < 4:
            raise NotNowError
        answered.add(wish.details["n"])
        return Answer()

    wishes.register("receipt", handler)
    for n in range(12):
        keep(f"reader{n}@example.org", kind="receipt", n=n)
    for _minute in range(5):
        sealed_records.look(NOON)

    assert answered == set(range(4, 12))


@pytest.mark.parametrize("error", [AllWaitError, NotNowError, ZeroDivisionError])
def test_what_waits_is_tried_in_the_next_round_and_not_for_ever_in_this(
    keep, seen, unlocked, monkeypatch, error
):
    """Where somebody is left to be tried the next round begins at once."""

    def handler(*_about):
        raise error

    monkeypatch.setattr(sealed_records, "AT_ONCE", 2)
    wishes.register("receipt", handler)
    for n in range(9):
        keep(f"reader{n}@example.org", kind="receipt" if n < 6 else "wish", n=n)

    rounds = 1
    while sealed_records.look(NOON) and rounds < 50:
        rounds += 1
    assert rounds < 10
    assert len(seen) == 3
    assert SealedRecord.objects.count() == 9


def test_who_is_asked_about_a_wish_may_take_long_and_no_lock_waits_for_it(keep):
    """The till is asked about a receipt. On SQLite one transaction keeps all others waiting."""
    depths = [len(connection.savepoint_ids)]

    def asks_the_till(*_about):
        depths.append(len(connection.savepoint_ids))
        return Answer()

    wishes.register("wish", asks_the_till)
    keep(at_once=True)
    sealed_records.look(NOON)

    assert depths == [depths[0]] * 2


def test_one_that_fails_holds_up_no_other_and_is_named_without_its_words(keep, caplog, mailbox):
    def handler(wish, _others, _at):
        if wish.details["n"] == 1:
            raise ZeroDivisionError(ADA)
        return Answer((Reply("reminder", SHOWN),))

    failing = keep(n=1, at_once=True)
    keep(BOB, n=2, at_once=True)
    wishes.register("wish", handler)

    sealed_records.look(NOON)
    deliver_due(NOON)

    assert mailbox.recipients() == [BOB]
    assert SealedRecord.objects.get(copy__isnull=False).pk == failing.pk
    assert "ZeroDivisionError" in caplog.text
    assert "example.org" not in caplog.text


@pytest.mark.parametrize(
    "details",
    [{"token": {"a": 1}}, {"token": ["x"]}, {"token": 7}],
    ids=["object", "list", "number"],
)
def test_what_a_hostile_counter_sealed_stops_nothing(keep, seen, unlocked, details):
    keep(**details)
    keep(BOB)

    sealed_records.look(NOON)

    assert len(seen) == 2


def test_a_copy_whose_key_is_gone_goes_and_the_record_waits(keep, room, seen):
    keep(at_once=True)
    for pair in unattended.pairs(room.keys):
        unattended.destroy(room.keys, pair.name)

    sealed_records.look(NOON)

    assert seen == []
    assert not UnattendedCopy.objects.exists()
    assert SealedRecord.objects.exists()


def _fail(*_about):
    raise ZeroDivisionError
