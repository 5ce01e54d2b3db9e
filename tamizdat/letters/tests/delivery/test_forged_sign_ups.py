"""A counter seals each sign-up twice. On record is the address to which the confirmation went."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.letters.actions import issues
from tamizdat.letters.actions.finishing import finish
from tamizdat.letters.delivery import deliver_due, merging, sealed_records
from tamizdat.letters.models import Issue
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_confirming import press_the_link_in, put
from tamizdat.letters.tests.delivery.test_data_requests import say
from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import Pending, Reader, Subscription
from tamizdat.readers.sealing import records, seal
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting
from tamizdat.readers.tasks import sweep
from tamizdat.readers.tests.opened import addresses_on_record
from tests.approved_issue import approved_issue

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, EVE, HONEST = "ada@example.org", "eve@evil.example", "honest@example.org"
ODD = ["ada@example.org\r\n", "\u2003ada@example.org", "ada@EXAMPLE.org"]


@pytest.fixture
def forge(room):
    """A sign-up as whoever holds the counter can seal it: one address for each key."""

    def forge(to_reader, to_unattended, language="en"):
        name = unattended.pairs(room.keys)[-1].name
        record = Record("subscribe", to_unattended, language)
        copy = records.seal(record, unattended.public(room.keys, name))
        sealed = {
            "reader": b64encode(seal(to_reader, keys.reader_public(room.keys))).decode(),
            "unattended": {"key": name, "sealed": b64encode(copy).decode()},
        }
        put("subscribe", sealed=sealed, newsletters=["friday"], language=language,
            consent={"version": "1.0", "sha256": "0" * 64})  # fmt: skip
        collecting.collect(NOON)

    return forge


@pytest.fixture
def on_record(reader_secret):
    return lambda: addresses_on_record(reader_secret)


@pytest.fixture
def unlock(unlocked, reader_secret):
    unlocked.lock()
    return lambda: unlocked.hold(bytearray(reader_secret), datetime.now(UTC))


def confirm_in(mailbox, address):
    deliver_due(NOON)
    press_the_link_in([each for each in mailbox.letters() if each["To"] == address][-1])
    collecting.collect(NOON)


def send_an_issue(friday, unlock):
    """Send it, and look after it for a month."""
    issues.send(approved_issue(friday, NOON), NOON)
    for day in range(0, 30, 3):
        unlock()
        deliver_due(NOON + timedelta(days=day))
        finish(NOON + timedelta(days=day))


def test_on_record_is_who_pressed_the_button(forge, mailbox, on_record, unlock):
    forge(ADA, EVE)
    confirm_in(mailbox, EVE)
    assert on_record() == [EVE]

    unlock()
    merging.merge_readers(NOON)
    assert on_record() == [EVE]


def test_nobody_else_s_button_ends_nothing_more(
    room, friday, subscribe, forge, mailbox, on_record, unlock
):
    subscribe(HONEST)
    say(room, ADA, "stop")
    unlock()
    sealed_records.look(NOON)
    forge(ADA, EVE)
    confirm_in(mailbox, EVE)
    sealed_records.look(NOON)
    merging.merge_readers(NOON)
    before = len(mailbox.letters())

    send_an_issue(friday, unlock)

    assert ADA not in on_record()
    assert ADA not in mailbox.recipients()
    assert len(mailbox.letters()) == before + 2


@pytest.mark.parametrize("how", [ADA, *ODD], ids=ascii)
def test_a_known_reader_stays_as_they_are(
    friday, subscribe, forge, mailbox, on_record, unlock, how
):
    """A forged sign-up of a reader on record took their address, and their language."""
    subscribe(ADA, HONEST)
    unlock()
    merging.merge_readers(NOON)
    forge(how, EVE, language="fa")
    confirm_in(mailbox, EVE)
    merging.merge_readers(NOON)

    assert on_record() == [ADA, HONEST, EVE]
    ada = Subscription.objects.get(reader=Reader.objects.order_by("pk")[0])
    assert ada.language == "en"
    send_an_issue(friday, unlock)
    assert Issue.objects.get().state == "sent"
    assert mailbox.recipients() == [ADA, EVE, HONEST]


def test_the_address_of_the_reader_key_counts_where_that_one_is_written_to(
    forge, mailbox, on_record, unlock
):
    """The copy went after 48 hours, and the reader key opened the sign-up."""
    forge(ADA, EVE)
    sweep(NOON + timedelta(hours=49))
    unlock()
    later = NOON + timedelta(days=3)
    deliver_due(later)
    assert mailbox.only()["To"] == ADA
    press_the_link_in(mailbox.only())
    collecting.collect(later)

    assert on_record() == [ADA]
    assert not Pending.objects.exists()


class TestAReaderOfAnOlderProgram:
    """Was confirmed with an address that no form takes today, and nobody merged them yet."""

    @pytest.mark.parametrize("how", ODD, ids=ascii)
    def test_takes_nobody_s_place(self, subscribe, on_record, unlock, how):
        subscribe(ADA)
        unlock()
        merging.merge_readers(NOON)
        subscribe(how, language="fa")

        merging.merge_readers(NOON)

        assert on_record() == [ADA]
        assert Subscription.objects.get().language == "en"

    @pytest.mark.parametrize("how", ["=?utf-8?q?ada?=@example.org", "ada@EXAMPLE.org"])
    def test_is_not_lost(self, subscribe, on_record, unlock, how):
        subscribe(how)
        unlock()
        merging.merge_readers(NOON)

        assert on_record() == [how]
        assert not Reader.objects.filter(tag=None).exists()

    def test_holds_up_no_issue(self, friday, subscribe, mailbox, unlock):
        subscribe("no address", "a,b", *ODD[:2], HONEST)

        send_an_issue(friday, unlock)

        assert Issue.objects.get().state == "sent"
        assert HONEST in mailbox.recipients()
