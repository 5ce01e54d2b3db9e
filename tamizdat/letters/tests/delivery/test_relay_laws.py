"""What a relay does for days costs no reader a letter, and brings nobody a third copy."""

from collections import Counter
from datetime import timedelta

import pytest

from tamizdat.letters.actions import issues
from tamizdat.letters.actions.finishing import finish
from tamizdat.letters.delivery import deliver_due, relay_pauses
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.newsletters.drafting import Draft
from tamizdat.letters.outbox import ANSWER, Addressed, Words, midnight, queue
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_isolation import receipts
from tamizdat.letters.tests.providers.test_bad_relays import READERS, relay, said, sending, states
from tamizdat.lib import alerts
from tests.bad_relay import DROP, HANG, Fault

__all__ = ["receipts", "relay", "sending"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEW = READERS[:3]


def rounds(begin, end, step):
    at = NOON + begin
    while at <= NOON + end:
        deliver_due(at)
        at += step
    finish(at)


def standing(room):
    return {each.key: each for each in alerts.standing(room.data)}


class TestInDoubt:
    """R2: one reader got 185 copies in 30 days."""

    @pytest.fixture
    def doubtful(self, relay, sending):
        """For 30 days the relay takes each letter and ends the connection without a word."""
        issue = sending(*FEW)
        relay.faults = (Fault("answer", DROP),)
        rounds(0 * DAY, DAY / 2, HOUR)
        rounds(1 * DAY, 30 * DAY, DAY)
        issue.refresh_from_db()
        return issue

    def test_nobody_gets_a_third_copy(self, relay, doubtful):
        assert Counter(relay.recipients) == dict.fromkeys(FEW, 2)

    def test_a_repetition_has_the_same_number(self, relay, doubtful):
        numbers = Counter(
            line for _, letter in relay.letters for line in letter.splitlines()
            if line.lower().startswith(b"message-id")
        )  # fmt: skip
        assert list(numbers.values()) == [2, 2, 2]

    def test_the_issue_is_closed_and_says_how_many_there_are(self, doubtful):
        assert doubtful.state == "sent"
        assert doubtful.totals == {"doubt": 3}

    def test_somebody_is_told_for_a_week(self, relay, room, sending):
        sending(*FEW)
        relay.faults = (Fault("answer", DROP),)
        rounds(0 * DAY, DAY / 2, HOUR)

        told = standing(room)["letters-in-doubt"]
        number = Issue.objects.get().pk
        assert told.what == (
            "It is not known whether these letters arrived: "
            f"3 of issue {number} (The Friday Scales, en)."
        )
        finish(NOON + 8 * DAY)
        assert "letters-in-doubt" not in standing(room)

    def test_an_answer_in_doubt_is_counted_for_a_week_and_then_forgotten(self, relay, room):
        queue("receipt", "1", Addressed(b"x", None), Words("receipt", "en"), NOON)
        Letter.objects.update(state="doubt", sealed=None, copy=None)
        finish(NOON + DAY)

        kept = Letter.objects.get()
        assert kept.message_id == ""
        told = standing(room)["letters-in-doubt"]
        assert "1 in answer to what readers asked for" in told.what
        assert told.since == midnight(NOON + DAY)
        finish(NOON + 8 * DAY)
        assert not Letter.objects.exists()
        assert "letters-in-doubt" not in standing(room)


class TestSixBadDays:
    """Then the relay works. 25 attempts take about three days: none of this may cost one."""

    @pytest.mark.parametrize(
        "fault",
        [
            Fault("greeting", DROP),
            Fault("RCPT", DROP),
            Fault("RCPT", "554 5.7.1 relay access denied"),
            Fault("RCPT", "550 5.1.1 no such reader"),
            Fault("end", "552 5.3.4 too long"),
        ],
        ids=lambda fault: f"{fault.step} {fault.does}",
    )
    def test_everybody_gets_their_letter(self, relay, room, sending, fault):
        sending()
        relay.faults = (fault,)
        rounds(0 * DAY, 6 * DAY, 5 * HOUR)

        assert set(states()) <= {"queued", "deferred"}
        relay.works()
        rounds(7 * DAY, 8 * DAY, 5 * HOUR)
        assert relay.recipients == READERS
        assert alerts.standing(room.data) == []

    def test_even_a_single_one(self, relay, room, sending):
        sending(*READERS[:1])
        relay.faults = (Fault("RCPT", "554 5.7.1 relay access denied"),)
        rounds(0 * DAY, 6 * DAY, 5 * HOUR)

        assert states() == {"deferred": 1}
        assert "554 5.7.1" in said(room)
        relay.works()
        rounds(7 * DAY, 8 * DAY, 5 * HOUR)
        assert relay.recipients == READERS[:1]


@pytest.mark.parametrize("answer", ["550 relay not permitted", "550 5.1.1 no such reader"])
def test_letters_that_come_one_by_one_to_a_relay_that_refuses_all_are_not_lost(
    relay, room, approve_trial, answer
):
    relay.faults = (Fault("RCPT", answer),)
    for n in range(4):
        approve_trial(READERS[n])
        rounds(n * HOUR, n * HOUR, HOUR)
        assert bool(said(room)) == (n >= 2), "two may have mistyped their addresses"

    assert states() == {"deferred": 4}
    assert answer[:3] in said(room)
    relay.works()
    rounds(5 * HOUR, 10 * HOUR, HOUR)
    assert relay.recipients == READERS[:4]
    assert alerts.standing(room.data) == []


def test_a_mistyped_address_is_refused_once_others_get_through(relay, approve_trial):
    relay.faults = (Fault("RCPT", "550 5.1.1 no such reader", of=READERS[0]),)
    approve_trial(READERS[0])
    rounds(0 * HOUR, 0 * HOUR, HOUR)
    assert states() == {"deferred": 1}

    approve_trial(READERS[1])
    rounds(1 * HOUR, 6 * HOUR, HOUR)
    assert "deferred" not in states()
    assert relay.recipients == READERS[1:2]


def test_what_a_relay_says_of_one_reader_for_days_is_that_reader_s_at_last(relay, sending):
    sending()
    relay.faults = (Fault("RCPT", "550 5.7.1 not to this one", of=READERS[4]),)
    rounds(0 * DAY, 6 * DAY, 5 * HOUR)

    assert states() == {}, "the issue is sent, and forgets who got it"
    assert Issue.objects.get().totals == {"handed": 11, "refused": 1}


def test_a_list_with_many_dead_mailboxes_reaches_all_others(relay, sending):
    sending()
    dead = READERS[::2]
    relay.faults = tuple(Fault("RCPT", "550 5.1.1 no such reader", of=each) for each in dead)
    rounds(0 * DAY, DAY / 12, HOUR / 6)

    assert Issue.objects.get().totals == {"handed": 6, "refused": 6}


def test_while_the_relay_hangs_a_round_costs_one_wait_and_the_next_ones_none(relay, room, sending):
    sending()
    relay.faults = (Fault("greeting", HANG),)
    for seconds in range(0, 50, 10):
        deliver_due(NOON + timedelta(seconds=seconds))

    assert relay.connections == 1
    for minutes in range(1, 35):
        deliver_due(NOON + timedelta(minutes=minutes))
    assert relay.connections == 5, "pauses of 1, 2, 4, 8 minutes; we look once a minute"


class TestNothingMayBeTried:
    """All letters wait for the reader key, so none can show that the relay works again."""

    @pytest.fixture
    def waiting(self, relay, sending, unlocked):
        """The relay was away, and then the reader key was locked."""
        sending(*FEW)
        relay.faults = (Fault("MAIL", "550 5.7.1 no"),)
        deliver_due(NOON)
        unlocked.lock()

    def test_the_alert_ends_once_the_relay_is_well(self, relay, room, waiting):
        relay.works()
        rounds(HOUR, HOUR, HOUR)

        assert standing(room) == {}
        assert relay.letters == []
        assert states() == {"queued": 3}

    def test_it_stays_while_the_relay_is_not_and_the_relay_is_asked_ever_less_often(
        self, relay, room, waiting
    ):
        rounds(HOUR / 60, HOUR, HOUR / 60)

        assert "It said no (step: MAIL, code: 550 5.7.1)" in said(room)
        assert 4 <= relay.connections <= 8

    def test_a_relay_of_which_nothing_bad_is_known_is_not_asked(self, relay, sending, unlocked):
        unlocked.lock()
        rounds(HOUR / 60, HOUR, HOUR / 60)

        assert relay.connections == 0


def test_the_pause_is_of_one_relay(relay, room, sending, settings):
    sending()
    relay.faults = (Fault("greeting", DROP),)
    deliver_due(NOON)

    notes = relay_pauses.read(room.data, f"@127.0.0.1:{relay.port}")
    assert notes.is_paused(NOON)
    assert not relay_pauses.read(room.data, "@127.0.0.1:25").is_paused(NOON)


def test_an_issue_that_the_relay_refuses_holds_up_no_answer(relay, room, sending, approve_trial):
    sending()
    relay.faults = (Fault("end", "552 5.3.4 too long", of="An issue"),)
    deliver_due(NOON)
    approve_trial("desk@example.org")
    deliver_due(NOON + timedelta(minutes=1))

    assert relay.recipients == ["desk@example.org"]
    number = Issue.objects.order_by("pk").first().pk
    assert standing(room)[f"issue-{number}"].what == (
        f"The mail relay refuses the letters of issue {number} (The Friday Scales, en) "
        "for what is in them."
    )


@pytest.fixture
def approve_trial(friday):
    def approve_trial(address):
        issue = issues.compose(friday, "en", NOON)
        issues.edit(issue, Draft("Another one", greeting="Good morning."))
        issue.refresh_from_db()
        issues.try_out(issue, address, NOON)

    return approve_trial


@pytest.mark.parametrize("answer", ["", "550 5.1.1 no such reader"], ids=["taken", "refused"])
def test_what_a_done_answer_was_is_on_no_disk(relay, room, sending, receipts, answer):
    """With the relay's log the only refused receipt of a day would name somebody who gave."""
    sending(READERS[0])  # so that others get through
    receipts(READERS[1])
    if answer:
        relay.faults = (Fault("RCPT", answer, of=READERS[1]),)
    rounds(0 * HOUR, HOUR, HOUR)

    done = Letter.objects.get(subscription__isnull=True)
    kept = {name: getattr(done, name) for name in ("kind", "template", "language", "code")}
    assert done.state == ("refused" if answer else "handed")
    assert kept == {"kind": ANSWER, "template": "", "language": "", "code": ""}
    assert done.about != "reader01"
    assert "receipt" not in "".join(each.read_text() for each in room.data.rglob("*.json"))
