"""Whoever reads a mailbox says "write nothing more": nothing but their own "yes" ends that."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import OperationalError

from tamizdat.letters import data_requests
from tamizdat.letters.alerts import held_up
from tamizdat.letters.delivery import deliver_due, merging, sealed_records
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_data_requests import remind, say, sign_up
from tamizdat.lib import alerts
from tamizdat.readers import actions, tokens
from tamizdat.readers.keys import letters_key
from tamizdat.readers.mailboxes import mailbox_links, unanswered
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.models import Pending, Reader, SealedRecord
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record
from tests.restarting import restart_letters

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, TWO = "ada@example.org", "ada+two@example.org"  # one mailbox


class Days:
    """What happens to Ada's mailbox. She has a reminder there and a sign-up that waits for her."""

    def __init__(self, room, keyring, secret):
        self._room, self._keyring, self._secret = room, keyring, secret
        asked = {"due": "", "sent": 1, "until": "2027-01-01"}
        self._reminder = store.keep_record(Record("reminder", TWO, "en", asked), room.keys)
        sign_up(room, TWO)
        deliver_due(NOON)
        self._sign_up = tokens.token(
            letters_key(room.keys), "confirm", Pending.objects.get().pk.hex
        )

    def stop(self):
        say(self._room, ADA, "stop")

    def yes(self):
        say(self._room, ADA, "yes")

    def again(self):
        store.ask_again(self._reminder.reply)

    def confirm(self):
        actions.confirm(tokens.digest(self._sign_up), self._room.keys, NOON)

    def erasure(self):
        data_requests.ask(self._room, "erasure", ADA, "en")

    def unlock(self):
        self._keyring.hold(bytearray(self._secret), datetime.now(UTC))
        sealed_records.look(NOON)
        merging.merge_readers(NOON)
        self._keyring.lock()


@pytest.fixture
def days(room, unlocked, reader_secret):
    unlocked.lock()
    return Days(room, unlocked, reader_secret)


@pytest.fixture
def writes(room, mailbox):
    """Say whether a stranger's form brings a letter to Ada."""

    def writes():
        Pending.objects.all().delete()  # two days later no sign-up of Ada's is open
        before = len(mailbox.letters())
        sign_up(room, ADA)
        deliver_due(NOON)
        return len(mailbox.letters()) > before

    return writes


OTHERS = ("again", "confirm", "erasure")
AT_ONE_UNLOCK = [" ".join(order) for order in permutations(("stop", *OTHERS))]
EACH_AT_ITS_OWN = ["stop unlock " + " unlock ".join(order) for order in permutations(OTHERS)]


@pytest.mark.parametrize("order", [*AT_ONE_UNLOCK, *EACH_AT_ITS_OWN])
def test_no_other_button_and_no_request_ends_a_stop(days, writes, order):
    for event in f"{order} unlock".split():
        getattr(days, event)()

    assert not writes()


@pytest.mark.parametrize("others", [*map(" ".join, permutations(OTHERS, 1)), ""])
def test_a_yes_of_its_owner_ends_it(days, writes, others):
    for event in f"stop unlock {others} yes unlock".split():
        getattr(days, event)()

    assert writes()


class TestTwoChoicesBeforeAnUnlock:
    """The last one counts, as long as one process heard both."""

    @pytest.fixture
    def press(self, room, days):
        """Press a button on the page of the mailbox, as the counter's submission brings it."""

        def press(what):
            link = mailbox_links.link(letters_key(room.keys), ADA)
            record = Record(mailbox_links.CHOICE, link, "en", {"say": what})
            row = store.keep_record(record, room.keys)
            row.copy = store.copy_of(record, room.keys, NOON)
            row.save()

        return press

    @pytest.fixture
    def is_written_to(self, days, subscribe):
        """Say whether an unlock leaves Ada her newsletter."""
        subscribe(ADA)

        def is_written_to():
            days.unlock()
            return Reader.objects.exists()

        return is_written_to

    @pytest.mark.parametrize("last", ["yes", "stop"])
    def test_the_later_one_counts(self, press, is_written_to, last, writes):
        for what in ("stop", "yes", last):
            press(what)
            sealed_records.look(NOON)
        assert writes() == (last == "yes")

        assert is_written_to() == (last == "yes")

    def test_one_that_comes_with_the_unlock_counts(self, press, is_written_to):
        press("stop")
        sealed_records.look(NOON)
        press("yes")

        assert is_written_to()

    @pytest.mark.parametrize("order", [("yes", "stop"), ("stop", "yes")])
    def test_of_two_in_one_round_nobody_knows_and_nothing_more_comes(
        self, press, is_written_to, order
    ):
        for what in order:
            press(what)
        sealed_records.look(NOON)

        assert not is_written_to()

    def test_after_a_restart_nobody_knows_and_nothing_more_comes(
        self, press, is_written_to, monkeypatch
    ):
        press("stop")
        sealed_records.look(NOON)
        restart_letters()
        press("yes")

        assert not is_written_to()

    def test_a_stop_that_only_memory_knew_is_heard_again_at_the_unlock(
        self, press, days, writes, room
    ):
        """The price that ADR 12 names: nothing on the disk recognises the mailbox meanwhile."""
        press("stop")
        sealed_records.look(NOON)
        assert not writes()
        restart_letters()
        limits.forget()
        assert [writes() for _ in range(4)] == [True, True, False, False]

        days.unlock()

        assert not writes()

    def test_hundreds_of_them_leave_one_record(self, press, days):
        before = SealedRecord.objects.count()
        for n in range(20):
            press("stop")
            if n % 5 == 0:
                sealed_records.look(NOON)
        sealed_records.look(NOON)

        assert SealedRecord.objects.count() == before + 1


class TestAChoiceThatCannotBeCarriedOutAtOnce:
    """The database is busy for a moment: the choice counts meanwhile, and soon is carried out."""

    DUE = "2026-11-19"

    @pytest.fixture
    def busy_once(self, monkeypatch):
        """Let what writes a choice find the database locked, the first time."""

        def busy_once(module, name):
            really, failed = getattr(module, name), []

            def write(*said):
                if not failed:
                    failed.append(1)
                    raise OperationalError("database is locked")
                return really(*said)

            monkeypatch.setattr(module, name, write)

        return busy_once

    def round_(self, minutes):
        at = NOON + timedelta(minutes=minutes)
        sealed_records.look(at)
        deliver_due(at)

    def alerts(self, room):
        return [each.key for each in alerts.standing(room.data)]

    def test_a_stop_counts_in_that_look_and_is_carried_out_in_the_next(
        self, room, unlocked, mailbox, subscribe, busy_once
    ):
        subscribe(ADA)
        say(room, ADA, "stop")
        remind(room, TWO, self.DUE)
        busy_once(store, "keep_record")

        self.round_(0)
        assert mailbox.letters() == []
        assert self.alerts(room) == ["sealed-records"]
        assert held_up.last_look(room.data) is None, "that look is done"

        self.round_(1)
        assert mailbox.letters() == []
        assert self.alerts(room) == []
        assert held_up.last_look(room.data) == NOON.date()
        assert not Reader.objects.exists()
        assert SealedRecord.objects.count() == 1  # that nothing more is to be written

    def test_until_a_yes_is_carried_out_nothing_of_its_mailbox_ends(
        self, room, unlocked, mailbox, busy_once
    ):
        store.keep_record(Record("stopped", ADA, "en"), room.keys)
        say(room, ADA, "yes")
        remind(room, TWO, self.DUE)
        busy_once(unanswered, "answered")

        self.round_(0)
        assert mailbox.letters() == []
        assert self.alerts(room) == ["sealed-records"]

        self.round_(1)
        assert mailbox.recipients() == [TWO]
        assert self.alerts(room) == []

    def test_another_mailbox_is_written_to(self, room, unlocked, mailbox, busy_once):
        say(room, ADA, "stop")
        remind(room, "bob@example.org", self.DUE)
        busy_once(store, "keep_record")

        self.round_(0)

        assert mailbox.recipients() == ["bob@example.org"]
