"""A look at many sealed records: others write meanwhile, and Lock ends it."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from tamizdat.letters import data_requests
from tamizdat.letters.alerts import held_up
from tamizdat.letters.delivery import deliver_due, merging, sealed_records
from tamizdat.letters.delivery.opened import WHY_FORGED
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_data_requests import remind, sign_up
from tamizdat.readers.mailboxes.unanswered import note
from tamizdat.readers.models import Pending, Reader, SealedRecord, Unanswered
from tamizdat.readers.sealed_records import store, wishes
from tamizdat.readers.sealed_records.wishes import Answer

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, BOB, EVE = "ada@example.org", "bob@example.org", "eve@example.org"


def nonsense(many):
    SealedRecord.objects.bulk_create(
        [SealedRecord(sealed=b"nonsense", reply=f"{n}") for n in range(many)]
    )


class SomebodyElse:
    """Another process that writes as soon as ours has begun to read sealed records."""

    def __init__(self):
        self._has_written = False

    def __call__(self, execute, sql, *about):
        answer = execute(sql, *about)
        if "sealedrecord" in sql and sql.startswith("SELECT") and not self._has_written:
            self._has_written = True
            thread = threading.Thread(target=self._write)
            thread.start()
            thread.join()
        return answer

    def _write(self):
        Unanswered.objects.create(tag="somebody", until=NOON.date())
        connection.close()


@pytest.mark.django_db(transaction=True, databases=["default", "counter"])
def test_somebody_who_writes_meanwhile_does_not_end_it(room, unlocked, caplog):
    """On SQLite who still reads cannot write any more once another process wrote."""
    remind(room, ADA)
    nonsense(2_100)

    with connection.execute_wrapper(SomebodyElse()):
        sealed_records.look(NOON)

    assert SealedRecord.objects.count() == 1
    assert Unanswered.objects.filter(tag="somebody").exists()
    assert caplog.messages == [f"2100 sealed records were deleted: {WHY_FORGED}"]


def test_letters_leave_before_a_long_look_is_over(room, unlocked, mailbox, monkeypatch):
    """Erasures come first, though each round answers a few records only."""
    monkeypatch.setattr(sealed_records, "AT_ONCE", 2)
    for n in range(4):
        remind(room, f"reader{n}@example.org", due=NOON.date().isoformat())
    data_requests.ask(room, "erasure", "reader0@example.org", "en")

    came = [0]
    while sealed_records.look(NOON):
        assert held_up.last_look(room.data) is None
        deliver_due(NOON)
        came.append(len(mailbox.letters()))
    deliver_due(NOON)

    assert 0 < came[-1] < 3  # the last but one round; records lie in no order
    assert mailbox.recipients() == [f"reader{n}@example.org" for n in (1, 2, 3)]
    assert held_up.last_look(room.data) == NOON.date()


class TestLock:
    def test_ends_a_look_and_the_rest_waits_for_the_next_unlock(
        self, room, unlocked, reader_secret, monkeypatch
    ):
        seen = []

        def press_lock_at_the_first(wish, _others, _at):
            seen.append(wish.id)
            if len(seen) == 1:
                unlocked.lock()
            return Answer(keep=wish.details)

        for _ in range(3):
            remind(room, ADA)
        monkeypatch.setattr(wishes, "_handlers", {"reminder": press_lock_at_the_first})
        sealed_records.look(NOON)
        assert len(seen) == 1
        assert held_up.last_look(room.data) is None

        unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
        sealed_records.look(NOON)
        assert len(seen) == 1 + 3
        assert held_up.last_look(room.data) == NOON.date()

    @pytest.fixture
    def locked_after(self, unlocked, monkeypatch):
        """Press Lock after so many statements about a table."""

        def locked_after(table, many):
            left = [many]

            def press(execute, sql, *about):
                answer = execute(sql, *about)
                if f'"{table}"' in sql:
                    left[0] -= 1
                    if not left[0]:
                        unlocked.lock()
                return answer

            return connection.execute_wrapper(press)

        return locked_after

    def test_ends_it_while_records_are_opened(self, room, locked_after, monkeypatch):
        seen = []
        monkeypatch.setattr(wishes, "_handlers", {"reminder": lambda *wish: seen.append(wish)})
        remind(room, ADA)

        with locked_after("readers_sealedrecord", 2):
            sealed_records.look(NOON)

        assert seen == []
        assert SealedRecord.objects.exists()

    def test_ends_it_while_letters_are_counted(self, room, locked_after):
        for address in (ADA, BOB, EVE):
            store.keep_record(note(address, "en", NOON), room.keys)

        with locked_after("readers_unanswered", 4):
            sealed_records.look(NOON)

        assert Unanswered.objects.count() == 1
        assert SealedRecord.objects.count() == 2

    def test_ends_the_comparing_of_new_readers(self, room, subscribe, locked_after):
        subscribe(ADA, BOB, EVE)

        with locked_after("readers_unanswered", 1):
            merging.merge_readers(NOON)

        assert Reader.objects.filter(tag__isnull=False).count() == 1

    def test_does_not_take_an_erasure_for_done(
        self, room, subscribe, locked_after, unlocked, reader_secret
    ):
        subscribe(ADA)
        data_requests.ask(room, "erasure", ADA, "en")
        sign_up(room, ADA)
        with locked_after("readers_pending", 1):
            sealed_records.look(NOON)
        assert SealedRecord.objects.exists()
        assert Pending.objects.exists()

        unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
        sealed_records.look(NOON)

        assert not Reader.objects.exists()
        assert not Pending.objects.exists()
