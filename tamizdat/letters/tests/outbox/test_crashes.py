"""A sender that is killed loses no letter, and repeats none that can be known to have gone."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from tamizdat.letters import outbox
from tamizdat.letters.actions import issues
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.models import Letter
from tamizdat.letters.providers.base import DeferredError, DoubtError, RefusedError
from tamizdat.letters.providers.mailbox import Mailbox
from tamizdat.letters.tests.conftest import NOON
from tests.approved_issue import approved_issue

READERS = [f"reader{n:03}@example.org" for n in range(60)]


@pytest.fixture
def sending(friday, subscribe, room):
    """Begin to send an issue to these readers."""

    def sending(*addresses):
        subscribe(*addresses)
        return issues.send(approved_issue(friday, NOON), NOON)

    return sending


@pytest.mark.django_db(transaction=True, databases=["default", "counter"])
def test_killed_again_and_again_none_is_lost_and_none_repeated(
    sending, room, mailbox, reader_secret, databases
):
    sending(*READERS)
    databases.of_its_own(room.folder)
    databases.copy("default", room.folder)

    kills = kill_until_done(room, reader_secret, random.Random(20261120), most=20)

    letters = mailbox.letters()
    assert sorted(letter["To"] for letter in letters) == READERS
    assert len({letter["Message-ID"] for letter in letters}) == len(READERS)
    assert states(databases, room) == {"handed": len(READERS)}
    assert kills >= 3


def kill_until_done(room, secret, dice, most):
    """Kill each sender after at most so many letters, until one finishes; return how often."""
    kills = 0
    while True:
        sender = _start(room, secret)
        enough = _handed(room) + dice.randint(1, most)
        while sender.poll() is None and _handed(room) < enough:
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.01))
        sender.kill()
        sender.stdout.close()
        if sender.wait() == 0:
            return kills
        assert sender.returncode == -signal.SIGKILL
        kills += 1


def _handed(room):
    return len(list((room.data / "mailbox").glob("*.eml")))


def _start(room, secret):
    sender = subprocess.Popen(
        [sys.executable, "-m", "tamizdat.letters.tests.sender", NOON.isoformat()],
        env={**os.environ, "TAMIZDAT_NEWSROOM": str(room.folder)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with sender.stdin as line:
        line.write(secret.hex() + "\n")
    assert sender.stdout.readline() == "ready\n"
    return sender


def states(databases, room):
    sql = "SELECT state, count(*) FROM letters_letter GROUP BY state"
    return dict(databases.rows("default", room.folder, sql))


class Trouble(Mailbox):
    """A transport that does as told once and then works."""

    def __init__(self, folder, error, after):
        super().__init__(folder)
        self._error, self._after = error, after

    def _hand_over(self, message, leaving):
        error, self._error = self._error, None
        if error is None or self._after:
            super()._hand_over(message, leaving)
        if error is not None:
            raise error


@pytest.fixture
def trouble(room, monkeypatch):
    def trouble(error, *, after=False):
        transport = Trouble(room.data / "mailbox", error, after)
        monkeypatch.setattr("tamizdat.letters.delivery.transport", lambda *_about: transport)

    return trouble


@pytest.mark.django_db(databases=["default", "counter"])
class TestTrouble:
    def test_what_is_deferred_is_tried_again_later(self, sending, trouble, unlocked, mailbox):
        sending("ada@example.org")
        trouble(DeferredError("451"))
        deliver_due(NOON)
        letter = Letter.objects.get()
        assert (letter.state, letter.code) == ("deferred", "451")

        deliver_due(NOON + timedelta(minutes=1))
        assert mailbox.letters() == []
        deliver_due(NOON + timedelta(minutes=3))

        assert mailbox.recipients() == ["ada@example.org"]

    def test_what_is_refused_is_not_tried_again(self, sending, trouble, unlocked, mailbox):
        sending("ada@example.org", "bob@example.org")
        trouble(RefusedError("550"))  # of the first one
        deliver_due(NOON)
        (taken,) = mailbox.recipients()
        deliver_due(NOON + timedelta(days=1))

        assert sorted(Letter.objects.values_list("state", flat=True)) == ["handed", "refused"]
        assert mailbox.recipients() == [taken]

    def test_what_is_in_doubt_is_repeated_once_with_the_same_message_id(
        self, sending, trouble, unlocked, mailbox
    ):
        sending("ada@example.org")
        trouble(DoubtError(), after=True)
        deliver_due(NOON)
        assert Letter.objects.get().state == "deferred"
        first = mailbox.only()["Message-ID"]

        deliver_due(NOON + timedelta(minutes=3))

        assert mailbox.only()["Message-ID"] == first
        assert Letter.objects.get().state == "handed"

    def test_what_is_in_doubt_twice_stays_so(self, sending, trouble, unlocked, mailbox):
        sending("ada@example.org")
        trouble(DoubtError(), after=True)
        deliver_due(NOON)
        trouble(DoubtError(), after=True)
        deliver_due(NOON + timedelta(minutes=3))
        written = mailbox.only()["Date"]

        deliver_due(NOON + timedelta(days=1))

        assert mailbox.only()["Date"] == written
        assert Letter.objects.get().state == "doubt"

    def test_what_was_handed_over_has_no_message_id_by_which_a_relay_s_log_leads_to_its_row(
        self, sending, unlocked, mailbox
    ):
        sending("ada@example.org", "bob@example.org")
        deliver_due(NOON)

        assert len({letter["Message-ID"] for letter in mailbox.letters()}) == 2
        assert set(Letter.objects.values_list("message_id", flat=True)) == {""}

    @pytest.mark.parametrize("hour", range(0, 24, 5))
    def test_what_stays_in_doubt_forgets_its_message_id_after_one_or_two_days(
        self, sending, trouble, unlocked, hour
    ):
        sending("ada@example.org")
        tried = NOON.replace(hour=hour)
        trouble(DoubtError())
        deliver_due(tried)
        unlocked.lock()

        known = [self.is_known(tried + timedelta(hours=hours)) for hours in range(49)]

        assert known[:24] == [True] * 24
        assert not known[48]

    def is_known(self, at):
        deliver_due(at)
        return Letter.objects.get().message_id != ""

    def test_a_mailbox_that_is_busy_for_days_is_given_up(self, sending, trouble, unlocked):
        sending("ada@example.org")
        at, deferred = NOON, 0
        while Letter.objects.get().state != "refused":
            trouble(DeferredError())
            deliver_due(at)
            at, deferred = at + outbox.LONGEST_PAUSE, deferred + 1

        assert deferred == outbox.MOST_ATTEMPTS
        assert timedelta(days=2) < total_of_pauses() < timedelta(days=4)

    def test_one_broken_letter_does_not_hold_up_the_others(
        self, sending, trouble, unlocked, mailbox, caplog
    ):
        sending("ada@example.org", "bob@example.org")
        trouble(ZeroDivisionError("ada@example.org"))
        deliver_due(NOON)

        assert len(mailbox.letters()) == 1
        assert "ZeroDivisionError" in caplog.text
        assert "example.org" not in caplog.text


def total_of_pauses():
    return sum(map(outbox.pause, range(outbox.MOST_ATTEMPTS)), timedelta(0))


@pytest.mark.django_db(databases=["default", "counter"])
class TestWhatACrashLeft:
    def test_what_had_gone_is_not_repeated(self, sending, unlocked, mailbox, monkeypatch):
        sending("ada@example.org")
        _die_before_noting(monkeypatch)
        written = mailbox.only()["Date"]

        deliver_due(NOON + timedelta(hours=1))

        assert mailbox.only()["Date"] == written
        assert Letter.objects.get().state == "handed"

    def test_what_had_not_gone_goes_now(self, sending, unlocked, mailbox):
        sending("ada@example.org")
        outbox.take_next(NOON, unattended_only=False)

        deliver_due(NOON)

        assert mailbox.recipients() == ["ada@example.org"]

    def test_what_another_machine_took_is_left_to_it_for_a_while(self, sending, unlocked, mailbox):
        sending("ada@example.org")
        outbox.take_next(NOON, unattended_only=False)
        Letter.objects.update(taken_by="another")

        deliver_due(NOON + timedelta(minutes=10))
        assert mailbox.letters() == []
        deliver_due(NOON + timedelta(minutes=16))

        assert mailbox.recipients() == ["ada@example.org"]

    def test_while_one_process_sends_no_other_does(self, sending, unlocked, mailbox, room):
        from tamizdat.letters.outbox.single_sender import single_sender

        sending("ada@example.org")
        with single_sender(room.data) as turn:
            assert turn
            assert deliver_due(NOON) == 0

        assert mailbox.letters() == []


def _die_before_noting(monkeypatch):
    class KilledError(BaseException):
        pass

    def die(*_about, **_more):
        raise KilledError

    with monkeypatch.context() as crashing:
        crashing.setattr(outbox, "settle", die)
        with pytest.raises(KilledError):
            deliver_due(NOON)
