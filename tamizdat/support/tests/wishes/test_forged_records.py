"""Whoever holds the counter's machine can seal any record: only first wishes are believed."""

from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.letters import data_requests
from tamizdat.letters.delivery import deliver_due, sealed_records
from tamizdat.letters.delivery.mailbox_choices import STOPPED
from tamizdat.letters.delivery.opened import WHY_FORGED
from tamizdat.letters.tests.conftest import (
    NOON,
    key_folder,
    mailbox,
    reader_secret,
    room,
    subscribe,
    unlocked,
)
from tamizdat.letters.tests.delivery.test_data_requests import sign_up
from tamizdat.lib import alerts
from tamizdat.readers import keys, publishing
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.counter.sealed_forms import sealed_record
from tamizdat.readers.counter.submissions import take_in
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.mailboxes import unanswered
from tamizdat.readers.models import Reader, SealedRecord, Unanswered
from tamizdat.readers.sealed_records import first_wishes, store
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting
from tamizdat.support.wishes import receipts

__all__ = [
    "key_folder", "mailbox", "reader_secret", "room", "subscribe",
    "unlocked",
]  # fmt: skip
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, BOB = "ada@example.org", "bob@example.org"
TOKEN = "a" * 26
SUBMISSIONS = ("remind", "receipt", "mailbox")
FORGED = {
    "erasure": Record("erasure", BOB, "en"),
    "question": Record("question", BOB, "en"),
    "nothing more": Record(STOPPED, ADA, "en"),
    "a note": unanswered.note(ADA, "en", NOON),
    "a full mailbox": Record(unanswered.NOTE, ADA, "en", {"until": "2027-12-01", "full": True}),
    "a letter": Record("letter", ADA, "en"),
    "an answer to a reminder": Record("reminder", ADA, "en", {"until": "2027-01-01", "sent": 1}),
    "a reminder without a day": Record("reminder", ADA, "en", {}),
    "a reminder of infinite letters": Record("reminder", ADA, "en", {"sent": float("inf")}),
    "a receipt by hash": Record(
        "receipt", ADA, "en", {"token_hash": "0" * 64, "asked": "2026-11-20"}
    ),
    "a choice of nothing": Record("mailbox", "a" * 60, "en", {"say": "else"}),
    "a choice without a link": Record("mailbox", "a" * 60, "en", {"say": "stop"}),
}


@pytest.fixture(autouse=True)
def with_published_keys(room):
    publishing.change_keys(room, NOON)
    founded_keys.remember(room.keys)


def forge(submission, record, *, at_once):
    take_in(submission, {"sealed": sealed_record(record, at_once=at_once)})
    collecting.collect(NOON)


@pytest.mark.parametrize("at_once", [False, True], ids=["for an unlock", "at once"])
@pytest.mark.parametrize("what", FORGED)
def test_what_no_reader_can_have_asked_for_has_no_effect(
    room, subscribe, mailbox, unlocked, what, at_once
):
    subscribe(BOB)
    for submission in SUBMISSIONS:
        forge(submission, FORGED[what], at_once=at_once)

    sealed_records.look(NOON)
    deliver_due(NOON)
    assert mailbox.letters() == []
    assert not SealedRecord.objects.exists()
    assert not Unanswered.objects.exists()
    assert Reader.objects.count() == 1

    sign_up(room, ADA)
    deliver_due(NOON)
    assert mailbox.only()["To"] == ADA


def test_with_another_newsrooms_letters_key_nothing_is_taken_for_a_forgery(room, unlocked):
    """Another letters.key knows none of our marks. All that readers wait for would be deleted."""
    data_requests.ask(room, data_requests.QUESTION, BOB, "en")
    path = room.keys / "letters.key"
    ours = path.read_bytes()
    path.write_text(f"{'a' * 64}\n")

    assert sealed_records.look(NOON) == 0

    assert SealedRecord.objects.count() == 1
    assert "key-letters-key" in {each.key for each in alerts.standing(room.data)}
    path.write_bytes(ours)
    sealed_records.look(NOON)
    assert not SealedRecord.objects.exists(), "it was not answered"
    assert "key-letters-key" not in {each.key for each in alerts.standing(room.data)}


@pytest.mark.parametrize("what", FORGED)
def test_while_the_key_is_locked_none_of_it_stays(room, mailbox, what):
    for submission in SUBMISSIONS:
        forge(submission, FORGED[what], at_once=True)

    sealed_records.look(NOON)
    deliver_due(NOON)

    assert mailbox.letters() == []
    assert not SealedRecord.objects.exists()


def test_made_up_links_are_gone_with_the_next_round_and_one_line_counts_them(room, caplog):
    """Nobody needs a script or a machine to press a button behind a link that they made up."""
    for n in range(20):
        invented = Record(
            "mailbox", f"{'a' * 40}{'bcdefghijklmnopqrstu'[n]}", "en", {"say": "stop"}
        )
        forge("mailbox", invented, at_once=True)
    assert SealedRecord.objects.count() == 20

    sealed_records.look(NOON)

    assert not SealedRecord.objects.exists()
    assert caplog.messages == [f"20 sealed records were deleted: {WHY_FORGED}"]


def test_a_reminder_that_says_it_was_answered_is_a_first_one(mailbox, unlocked):
    """Five of them sent five letters at once, past the limit of a year."""
    answered = {"due": NOON.date().isoformat(), "sent": 1, "until": ""}
    for _ in range(5):
        forge("remind", Record("reminder", ADA, "en", answered), at_once=False)

    sealed_records.look(NOON)
    deliver_due(NOON)

    assert len(mailbox.letters()) == 1


def test_a_receipt_says_nothing_of_what_was_told_or_agreed():
    asked = {"token": TOKEN, "asked": "2026-11-20", "each": True, "wish": 2}
    more = {"told": 3, "agreed": True, "until": "2027-01-01", "token_hash": "0" * 64, "x": 1}

    assert receipts.first({**asked, **more}) == asked


class TestTheDesk:
    """Believes what it sealed itself, and what an older newsroom kept."""

    def test_remembers_what_it_sealed_itself(self, room, mailbox, unlocked):
        store.keep_record(Record(STOPPED, ADA, "en"), room.keys)

        sealed_records.look(NOON)
        sign_up(room, ADA)
        deliver_due(NOON)

        assert SealedRecord.objects.exists()
        assert mailbox.letters() == []

    def test_believes_a_record_of_an_older_newsroom_and_seals_it_anew(
        self, room, mailbox, unlocked, reader_secret
    ):
        """Nothing marked then what the desk sealed."""
        sealed = records.seal(Record(STOPPED, ADA, "en"), keys.reader_public(room.keys))
        SealedRecord.objects.create(sealed=sealed, reply="r", older=True, again=True)
        for day in (0, 1):
            unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
            sealed_records.look(NOON + timedelta(days=day))
            row = SealedRecord.objects.get()
            assert not row.older
            assert row.again
        assert bytes(row.sealed) != sealed

        sign_up(room, ADA)
        deliver_due(NOON)
        assert mailbox.letters() == []

    def test_seals_what_looks_like_what_a_counter_seals(self, room):
        data_requests.ask(room, "erasure", ADA, "en")
        reminder = Record("reminder", ADA, "en", {"due": "2027-01-01"})
        forge("remind", reminder, at_once=False)

        ours, theirs = SealedRecord.objects.all()
        assert len(bytes(ours.sealed)) == len(bytes(theirs.sealed))
        for field in ("copy", "again", "older"):
            assert getattr(ours, field) == getattr(theirs, field)


NO_SEAL = {
    "letters of another script": "é" * 2000,
    "half a pad": "AA=A",
    "a few bytes": "AAAA",
    "a number": 1,
    "nothing": None,
}


@pytest.mark.parametrize("what", NO_SEAL)
@pytest.mark.parametrize("second", [False, True], ids=["the only seal", "the second seal"])
@pytest.mark.parametrize("submission", [*SUBMISSIONS, "subscribe"])
def test_what_is_no_seal_is_thrown_away(room, submission, what, second):
    sealed = {"reader": NO_SEAL[what]}
    if second:
        whole = sealed_record(Record("reminder", ADA, "en"), at_once=True)
        whole["unattended"]["sealed"] = NO_SEAL[what]
        sealed = whole
    said = {"newsletters": ["friday"], "language": "en", "consent": {}}
    take_in(submission, {"sealed": sealed, **said})

    collecting.collect(NOON)

    assert not Envelope.objects.exists()
    assert alerts.standing(room.data) == []


class TestWhatACounterFillsUp:
    """It says the same in more bytes than our form does. It is kept as our form says it."""

    ASKED = {"token": TOKEN, "asked": NOON.date().isoformat(), "each": True}

    def details(self, kind, fill):
        return {
            "receipt": {**self.ASKED, "wish": f"1{fill}"},
            "reminder": {"due": "2026-12-01", "note": fill},
        }[kind]

    @pytest.mark.parametrize("kind", ["receipt", "reminder"])
    def test_its_details_are_written_anew(self, kind):
        asked = first_wishes.as_asked(Record(kind, ADA, "en", self.details(kind, " " * 6000)))

        assert asked == first_wishes.as_asked(Record(kind, ADA, "en", self.details(kind, "")))

    @pytest.mark.parametrize("kind", ["receipt", "reminder"])
    def test_a_language_of_thousands_of_letters_is_none(self, kind):
        assert first_wishes.as_asked(Record(kind, ADA, "e" * 600, self.details(kind, ""))) is None

    def test_it_ends_with_its_time(self, room, unlocked):
        filled = Record("receipt", ADA, "en", self.details("receipt", ""))
        fill = " " * (6143 - len(records.pack(filled)) - 2)
        filled = Record("receipt", ADA, "en", self.details("receipt", fill))
        store.keep_sealed(records.seal(filled, keys.reader_public(room.keys)), room.keys)

        sealed_records.look(NOON)
        sealed_records.look(NOON + timedelta(days=40))

        assert not SealedRecord.objects.exists()
