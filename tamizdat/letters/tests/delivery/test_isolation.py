"""One letter, one kind, one key, one step that fails: it waits alone, and somebody is told."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DataError, OperationalError

from tamizdat.letters import mailbox as mailbox_on_screen
from tamizdat.letters import outbox, tasks
from tamizdat.letters.actions.finishing import finish
from tamizdat.letters.alerts import delivery_alerts
from tamizdat.letters.delivery import deliver_due, messages, sealed_records
from tamizdat.letters.delivery.merging import merge_readers
from tamizdat.letters.delivery.rounds import Round
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.outbox import Addressed, Words
from tamizdat.letters.providers.mailbox import Mailbox
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.providers.test_bad_relays import sending, states
from tamizdat.lib import alerts
from tamizdat.readers import actions, keys
from tamizdat.readers.models import Reader
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record
from tests.lost_database import lost_database

__all__ = ["sending"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
FEW = [f"reader{n}@example.org" for n in range(6)]


@pytest.fixture
def receipts(room):
    """Queue receipts to these addresses, which an unattended key opens."""

    def receipts(*addresses):
        shown = {"amount": "€5", "interval": "once", "manage_href": ""}
        for address in addresses:
            record = Record("letter", address, "en", shown)
            sealed = records.seal(record, keys.reader_public(room.keys))
            to = Addressed(sealed, store.copy_of(record, room.keys, NOON))
            outbox.queue("receipt", address.partition("@")[0], to, Words("receipt", "en"), NOON)

    return receipts


def told(room):
    return {each.key: each for each in alerts.standing(room.data)}


@pytest.fixture
def broken(monkeypatch):
    """Have a letter not be written to which this applies."""

    def broken(applies):
        write = messages.message

        def message(letter, *about):
            if applies(letter):
                raise ZeroDivisionError("ada@example.org")
            return write(letter, *about)

        monkeypatch.setattr(messages, "message", message)
        return lambda: monkeypatch.setattr(messages, "message", write)

    return broken


def test_a_letter_that_cannot_be_written_waits_alone_and_is_named(
    room, sending, unlocked, broken, mailbox
):
    sending(*FEW)
    bad = Letter.objects.order_by("pk")[2]
    mend = broken(lambda letter: letter.pk == bad.pk)
    for hours in range(0, 24 * 6, 3):
        deliver_due(NOON + timedelta(hours=hours))

    assert states() == {"handed": 5, "deferred": 1}, "it is never given up"
    (alert,) = told(room).values()
    assert alert.key == f"letter-{bad.pk}"
    assert alert.what == f"Letter {bad.pk} (of the kind “issue”) cannot be written."
    assert "ZeroDivisionError" in alert.cause
    assert "ada" not in str(alert)

    mend()
    deliver_due(NOON + timedelta(days=7))
    finish(NOON + timedelta(days=7))
    assert mailbox.recipients() == FEW
    assert told(room) == {}


def test_a_kind_that_cannot_be_written_holds_up_no_other_and_is_named_once(
    room, sending, receipts, unlocked, broken, mailbox
):
    sending(*FEW)
    receipts("one@example.org")
    mend = broken(lambda letter: letter.kind == "issue")
    deliver_due(NOON)

    assert mailbox.recipients() == ["one@example.org"]
    assert told(room)["letters-issue"].what == "Letters of the kind “issue” cannot be written."
    assert len(told(room)) == 3, "two letters by their numbers, and then the kind"

    mend()
    deliver_due(NOON + timedelta(minutes=3))
    finish(NOON + timedelta(minutes=3))
    assert states() == {"handed": 1}, "the issue is sent, and forgets who got it"
    assert told(room) == {}


def test_nothing_stays_told_of_a_kind_of_which_no_letter_waits_and_of_an_issue_that_is_sent(
    room, sending, unlocked, broken
):
    sending(*FEW)
    broken(lambda letter: letter.kind == "issue")
    deliver_due(NOON)
    issue = Issue.objects.get()
    delivery_alerts.issue_refused(room.data, issue, "It said no.", NOON)
    finish(NOON)
    assert {"letters-issue", f"issue-{issue.pk}"} < told(room).keys()

    Letter.objects.all().delete()
    finish(NOON)
    assert told(room) == {}

    delivery_alerts.issue_refused(room.data, issue, "It said no.", NOON)  # as a killed worker did
    finish(NOON)
    assert told(room) == {}


def test_a_letter_whose_sending_cannot_be_noted_is_noted_later_and_sent_once(
    room, sending, unlocked, monkeypatch
):
    sending(*FEW)
    handed_over, settle = [], outbox.settle
    bad = Letter.objects.order_by("pk")[2].pk
    broken = [bad]

    def settling(letter, *about, **more):
        if letter.pk in broken:
            raise DataError("ada@example.org")
        return settle(letter, *about, **more)

    hand_over = Mailbox._hand_over
    monkeypatch.setattr(
        Mailbox, "_hand_over",
        lambda box, message, leaving: (
            handed_over.append(message.recipient), hand_over(box, message, leaving)
        ),
    )  # fmt: skip
    monkeypatch.setattr(outbox, "settle", settling)
    for minutes in (0, 5, 60):
        deliver_due(NOON + timedelta(minutes=minutes))

    assert states() == {"handed": 5, "taken": 1}
    (alert,) = told(room).values()
    assert alert.what == f"What became of letter {bad} (of the kind “issue”) cannot be noted."
    assert "DataError" in alert.cause
    assert "ada" not in str(alert)

    broken.clear()
    deliver_due(NOON + timedelta(hours=2))
    finish(NOON + timedelta(hours=2))
    assert sorted(handed_over) == FEW, "each once"
    assert told(room) == {}


def test_an_abandoned_letter_that_cannot_be_looked_into_holds_up_no_other(
    room, sending, unlocked, mailbox, monkeypatch
):
    sending(*FEW)
    with suppress(ZeroDivisionError), monkeypatch.context() as dying:
        dying.setattr(Round, "_deal_with", lambda *_about: 1 / 0)
        deliver_due(NOON)
    assert states() == {"queued": 5, "taken": 1}

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "resolve", lambda *_about: 1 / 0)
        deliver_due(NOON)
    assert len(mailbox.recipients()) == 5
    assert set(told(room)) == {"letters-abandoned"}

    deliver_due(NOON)
    assert mailbox.recipients() == FEW
    assert told(room) == {}


def test_a_sealed_record_that_fails_is_looked_at_again_in_the_next_round(
    room, unlocked, mailbox, monkeypatch
):
    for number in range(3):
        details = {"due": f"{NOON:%Y-%m-%d}", "sent": 0, "until": ""}
        record = Record("reminder", f"reader{number}@example.org", "en", details)
        store.keep_record(record, room.keys)
    queue, calls = sealed_records._queue, []

    def queueing(*about):
        calls.append(about)
        if len(calls) == 1:
            raise DataError("ada@example.org")
        return queue(*about)

    monkeypatch.setattr(sealed_records, "_queue", queueing)
    tasks.sweep(NOON)
    assert len(mailbox.recipients()) == 2
    alert = told(room)["sealed-records"]
    assert alert.what.startswith("1 sealed records")
    assert "ada" not in str(alert)

    tasks.sweep(NOON + timedelta(minutes=1))
    assert len(mailbox.recipients()) == 3
    assert told(room) == {}


def test_a_reader_who_cannot_be_merged_holds_up_no_other(room, sending, unlocked, monkeypatch):
    sending(*FEW)
    merge, calls = actions.merge, []

    def merging(*about):
        calls.append(about)
        return 1 / 0 if len(calls) == 2 else merge(*about)

    monkeypatch.setattr(actions, "merge", merging)
    merge_readers(NOON)
    assert Reader.objects.filter(tag=None).count() == 1
    assert told(room)["readers-to-merge"].what.startswith("1 new readers")

    merge_readers(NOON)
    assert not Reader.objects.filter(tag=None).exists()
    assert told(room) == {}


def test_a_reader_key_that_opens_nothing_costs_nobody_a_letter(
    room, sending, receipts, unlocked, mailbox, monkeypatch
):
    from tamizdat.letters.delivery.messages import OpeningError

    def opens_nothing(*_about):
        raise OpeningError("not sealed to this key")

    sending(*FEW)
    with monkeypatch.context() as wrong:
        wrong.setattr(messages, "open_sealed", opens_nothing)
        deliver_due(NOON)
        receipts("one@example.org")
        deliver_due(NOON)

    assert mailbox.recipients() == ["one@example.org"], "an unattended key opens it"
    assert not Letter.objects.filter(state="refused").exists()
    assert told(room)["letters-sealed"].do.startswith("Put keys/reader.private")

    deliver_due(NOON)
    assert mailbox.recipients() == ["one@example.org", *FEW]
    assert told(room) == {}


def test_an_address_that_is_no_relay_s_is_said_and_holds_up_nothing_else(
    newsdesk, room, sending, unlocked, settings
):
    sending(*FEW)
    mail = replace(room.mail, send="mail.example.org")
    settings.NEWSROOM = replace(room, mail=mail)
    tasks.sweep(NOON)

    assert told(room)["mail-relay"].why == "[mail] send in tamizdat.toml is no address of a relay."
    settings.NEWSROOM = room
    tasks.sweep(NOON)
    assert told(room) == {}


def test_a_mailbox_that_cannot_be_written_holds_letters_up_and_is_said(
    room, sending, unlocked, mailbox
):
    sending(*FEW)
    folder = room.data / "mailbox"
    folder.write_text("in the way")
    deliver_due(NOON)

    assert states() == {"queued": 6}
    assert told(room)["mail-relay"].what == "The mailbox on screen takes no letters."
    assert told(room)["mail-relay"].why == "File exists."
    folder.unlink()
    deliver_due(NOON + timedelta(minutes=2))
    assert mailbox.recipients() == FEW
    assert told(room) == {}


STEPS = {
    "mailbox": (mailbox_on_screen, "forget"),
    "newsletters": (tasks.newsletters, "publish"),
    "policies": (tasks.delivery_alerts, "policy_is_there"),
    "merging": (tasks.merging, "merge_readers"),
    "records": (tasks.sealed_records, "look"),
    "alerts": (tasks.alert_letters, "queue_due"),
    "delivery": (tasks.delivery, "deliver_due"),
    "finishing": (tasks.finishing, "finish"),
    "erasing": (tasks.erasing, "erase"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_stops_no_other(
    newsdesk, room, sending, unlocked, mailbox, monkeypatch, step
):
    def fails(*_about):
        raise ZeroDivisionError

    sending(*FEW)
    with monkeypatch.context() as failing:
        failing.setattr(*STEPS[step], fails)
        tasks.sweep(NOON)

    if step != "delivery":
        assert mailbox.recipients() == FEW
    # Whoever looks at all records compares the readers, too.
    also = {"letters-step-records"} if step == "merging" else set()
    assert set(told(room)) == {f"letters-step-{step}"} | also
    tasks.sweep(NOON)
    assert told(room) == {}


def test_a_database_that_is_away_is_said_once_and_not_of_every_step(room, monkeypatch):
    def lost(*_about):
        raise lost_database()

    monkeypatch.setattr(tasks.newsletters, "publish", lost)
    with pytest.raises(OperationalError):
        tasks.sweep(NOON)

    assert told(room) == {}
