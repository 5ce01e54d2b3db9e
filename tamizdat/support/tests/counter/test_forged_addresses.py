"""Whoever holds the counter can seal any text as an address: what no form takes has no effect."""

import base64
from datetime import timedelta
from itertools import product

import pytest

from tamizdat.letters import outbox
from tamizdat.letters.delivery import deliver_due, sealed_records
from tamizdat.letters.models import Letter
from tamizdat.letters.tests.conftest import (
    NOON,
    key_folder,
    mailbox,
    reader_secret,
    room,
    unlocked,
)
from tamizdat.lib.alerts import standing
from tamizdat.readers import keys, publishing
from tamizdat.readers.counter.sealed_forms import sealed_record, sealed_sign_up
from tamizdat.readers.counter.submissions import take_in
from tamizdat.readers.mailboxes import mailbox_links
from tamizdat.readers.models import Pending, SealedRecord, Unanswered, UnattendedCopy
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting
from tamizdat.support.wishes import receipts, reminders

__all__ = ["key_folder", "mailbox", "reader_secret", "room", "unlocked"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA = "ada@example.org"
ODD = [
    '"ada"@example.org', '"a\\da"@example.org', "(x)ada@example.org", " ada@example.org",
    "\u2003ada@example.org", "ada@example.org.", "ada@EXAMPLE.org", "ada@localhost",
    "ada@[127.0.0.1]", "ada@bücher.example", "root", "no address", "a,b", "y z@", "\0",
    "ada@example.org,bob@example.org", "ada@example.org\r\n",
    "ada@example.org>\r\nRCPT TO:<bob@example.org", "=?utf-8?q?ada?=@example.org",
]  # fmt: skip
WISHES = {
    "remind": (reminders.KIND, {"due": NOON.date().isoformat()}),
    "receipt": (receipts.KIND, {"token": "a" * 26, "asked": NOON.date().isoformat(), "wish": 1}),
    "mailbox": (mailbox_links.CHOICE, {"say": "stop"}),
}
SUBMISSIONS = ("subscribe", *WISHES)


@pytest.fixture(autouse=True)
def with_published_keys(room):
    publishing.change_keys(room, NOON)


def sign_up(address):
    put_sign_up(sealed_sign_up(address, "en"))


def put_sign_up(sealed):
    consent = {"version": "1.0", "sha256": "0" * 64}
    take_in("subscribe", {
        "sealed": sealed, "newsletters": ["friday"], "language": "en", "consent": consent,
    })  # fmt: skip


def forge(submission, address, *, at_once=True):
    if submission == "subscribe":
        sign_up(address)
    else:
        kind, details = WISHES[submission]
        record = Record(kind, address, "en", details)
        take_in(submission, {"sealed": sealed_record(record, at_once=at_once)})


def round_(at=NOON):
    collecting.collect(at)
    sealed_records.look(at)
    deliver_due(at)


def left():
    """The rows that are left of what a counter sent."""
    waiting = Letter.objects.exclude(state="suppressed")
    return [
        row
        for rows in (waiting, Pending.objects, SealedRecord.objects, UnattendedCopy.objects)
        for row in rows.all()
    ]


@pytest.mark.parametrize("address", ODD, ids=ascii)
@pytest.mark.parametrize("submission", SUBMISSIONS)
class TestWhatNoFormTakes:
    def test_is_gone_with_the_round(self, room, mailbox, submission, address):
        """Only an unattended key is there, as on most days of the week."""
        forge(submission, address)

        round_()

        assert mailbox.letters() == []
        assert left() == []
        assert standing(room.data) == []

    @pytest.mark.parametrize("at_once", [False, True], ids=["for an unlock", "at once"])
    def test_is_gone_after_an_unlock(self, room, mailbox, unlocked, submission, address, at_once):
        forge(submission, address, at_once=at_once)
        collecting.collect(NOON)
        UnattendedCopy.objects.all().delete()

        round_()

        assert mailbox.letters() == []
        assert left() == []
        assert standing(room.data) == []
        assert not Unanswered.objects.exists()


def test_one_mailbox_in_64_spellings_gets_no_letter_and_one_line_counts_them(mailbox, caplog):
    for signs in product(["", "\\"], repeat=6):
        name = "".join(sign + letter for sign, letter in zip(signs, "lovela", strict=True))
        sign_up(f'"{name}ce"@example.org')

    round_()

    assert mailbox.letters() == []
    assert left() == []
    (line,) = (each for each in caplog.messages if "64" in each)
    assert line == "64 letters were not written: they went to what no form takes as an address"
    assert "lovelace" not in caplog.text


def test_an_honest_reader_is_not_held_up(mailbox):
    for address in (*ODD, ADA):
        sign_up(address)

    round_()

    assert mailbox.only()["To"] == ADA


def test_sign_ups_that_open_with_no_key_are_gone_after_an_unlock(room, mailbox, unlocked):
    """Three of them in a row were taken for a fault of the reader key: no issue went out."""
    nonsense = base64.b64encode(b"\0" * 1200).decode()
    for _ in range(5):
        put_sign_up({"reader": nonsense})
    sign_up(ADA)

    round_()
    round_(NOON + timedelta(minutes=5))

    assert mailbox.only()["To"] == ADA
    assert Pending.objects.count() == 1
    assert standing(room.data) == []


def test_a_letter_that_an_older_program_queued_waits_no_longer(room, mailbox, unlocked):
    record = Record("letter", "no address", "en", {})
    sealed = records.seal(record, keys.reader_public(room.keys))
    to = outbox.Addressed(sealed, None)
    outbox.queue("receipt", "x", to, outbox.Words("receipt", "en"), NOON)

    round_()

    assert mailbox.letters() == []
    assert left() == []
    assert standing(room.data) == []
