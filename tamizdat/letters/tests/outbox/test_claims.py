"""Who took a letter says what became of it, and nobody else; what is known is never forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError

from tamizdat.letters import outbox
from tamizdat.letters.delivery import deliver_due, noting
from tamizdat.letters.models import Letter
from tamizdat.letters.outbox import single_sender
from tamizdat.letters.outbox.single_sender import Turn
from tamizdat.letters.providers import smtp
from tamizdat.letters.providers.line import Patience
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.providers.test_bad_relays import READERS, relay, sending, states
from tests.bad_relay import HANG, Fault
from tests.lost_database import lost_database
from tests.told_to_stop import told_to_stop

__all__ = ["relay", "sending"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
MINUTE = timedelta(minutes=1)
NOBODY = Turn("nobody", "", -1)


def take(now=NOON):
    return outbox.take_next(NOON, unattended_only=False, now=now)


class TestAClaim:
    """F6: a round may last longer than the quarter of an hour after which others take over."""

    def test_is_as_old_as_itself_and_not_as_the_round(self, sending):
        sending("ada@example.org")
        take(now=NOON + 20 * MINUTE)

        assert not outbox.abandoned(NOBODY, NOON + 34 * MINUTE).exists()
        assert outbox.abandoned(NOBODY, NOON + 36 * MINUTE).exists()

    def test_is_renewed_before_the_wait_that_may_be_long(self, sending):
        sending("ada@example.org")
        letter = take()
        outbox.leave(letter, NOON + 10 * MINUTE)

        assert not outbox.abandoned(NOBODY, NOON + 20 * MINUTE).exists()

    def test_of_another_process_of_a_machine_of_our_name_is_not_ours(self, sending):
        sending("ada@example.org")
        letter = take()
        theirs = letter.taken_by[:-1] + "x"  # the same machine, another process
        Letter.objects.update(taken_by=theirs)

        assert not outbox.abandoned(Turn(single_sender.name(), "", -1), NOON).exists()
        assert outbox.abandoned(Turn(single_sender.name(), theirs, -1), NOON).exists(), (
            "it sent before us"
        )

    def test_that_is_lost_says_nothing(self, sending):
        sending("ada@example.org")
        letter = take()
        Letter.objects.update(taken_by="another", taken_at=NOON + 16 * MINUTE)

        assert not outbox.leave(letter, NOON + 17 * MINUTE)
        assert not outbox.settle(letter, outbox.State.REFUSED, NOON)
        assert not outbox.release(letter)
        assert states() == {"taken": 1}

    def test_that_is_lost_in_the_last_moment_lets_nothing_leave(self, sending, relay, monkeypatch):
        sending("ada@example.org")
        leave = outbox.leave

        def too_late(letter, now):
            Letter.objects.update(taken_by="another", taken_at=NOON + 16 * MINUTE)
            return leave(letter, now)

        monkeypatch.setattr(outbox, "leave", too_late)
        deliver_due(NOON)

        assert relay.letters == []
        assert states() == {"taken": 1}


@pytest.mark.parametrize("step", ["leaving", "settling"])
def test_a_database_that_is_away_for_a_moment_repeats_and_loses_nothing(
    sending, relay, monkeypatch, step
):
    sending()
    lost = {"leaving": "leave", "settling": "settle"}[step]
    works = getattr(outbox, lost)
    calls = []

    def fails_once(*about, **more):
        calls.append(about)
        if len(calls) == 3:
            raise lost_database()
        return works(*about, **more)

    monkeypatch.setattr(outbox, lost, fails_once)
    with pytest.raises(OperationalError):
        deliver_due(NOON)
    deliver_due(NOON)

    assert relay.recipients == READERS, "each got one"
    assert states() == {"handed": 12}
    assert noting._unnoted == {}


class TestToldToStop:
    @pytest.fixture(autouse=True)
    def patient(self, relay, monkeypatch):
        """Without that word we would wait for minutes."""
        monkeypatch.setattr(smtp, "Patience", lambda: replace(Patience(), end_when_stopping=0.5))

    def test_while_the_relay_hangs_we_stop_at_once_and_nothing_is_said_of_the_letter(
        self, sending, relay
    ):
        sending()
        relay.faults = (Fault("RCPT", HANG),)
        with told_to_stop(after=10):
            deliver_due(NOON)

        assert states() == {"queued": 12}
        assert not Letter.objects.exclude(attempts=0).exists()

    def test_after_the_end_of_a_letter_we_wait_a_little_and_are_in_doubt(self, sending, relay):
        sending()
        relay.faults = (Fault("end", HANG),)
        with told_to_stop(after=15):
            deliver_due(NOON)

        assert states() == {"queued": 11, "deferred": 1}
        assert Letter.objects.get(state="deferred").doubts == 1


def test_locking_the_reader_key_ends_the_round(sending, relay, unlocked, monkeypatch):
    """F3: the key that a round borrowed must not outlive the lock by 500 letters."""
    sending()
    settle = outbox.settle

    def lock_after(*about, **more):
        unlocked.lock()
        return settle(*about, **more)

    monkeypatch.setattr(outbox, "settle", lock_after)
    deliver_due(NOON)

    assert states() == {"handed": 1, "queued": 11}
