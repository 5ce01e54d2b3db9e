"""From the form to the first letter: two steps, one mailbox, nothing in the clear on the way."""

import json
import re
import shutil
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.letters import confirmations
from tamizdat.letters.actions.finishing import finish
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.models import Letter
from tamizdat.letters.tests.conftest import NOON
from tamizdat.readers import keys, tokens
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.keys import unattended
from tamizdat.readers.mailboxes import addresses
from tamizdat.readers.models import Pending, Reader, Subscription, UnattendedCopy
from tamizdat.readers.privacy import contract
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import records, seal
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting
from tamizdat.readers.tasks import sweep
from tests.bad_relay import BadRelay, Fault

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA = "ada@example.org"


@pytest.fixture
def sign_up(room):
    """What the counter makes of a form."""

    def sign_up(address=ADA, language="en"):
        put("subscribe", sealed=sealed_twice(room, address, language), newsletters=["friday"],
            language=language, consent={"version": "1.0", "sha256": "0" * 64})  # fmt: skip

    return sign_up


def sealed_twice(room, address, language):
    name = unattended.pairs(room.keys)[-1].name
    second = records.seal(
        Record("subscribe", address, language), unattended.public(room.keys, name)
    )
    return {
        "reader": b64encode(seal(address, keys.reader_public(room.keys))).decode(),
        "unattended": {"key": name, "sealed": b64encode(second).decode()},
    }


def put(kind, **payload):
    Envelope.objects.create(kind=kind, day=NOON.date(), payload=json.dumps(payload))


def press_the_link_in(letter):
    text = letter.get_body(("plain",)).get_content()
    found = re.search(r"/(\w+)/(confirm|leave)/([a-z2-7]{26})\s", text)
    put(found[2], token=tokens.digest(found[3]))


def round_(at=NOON):
    collecting.collect(at)
    deliver_due(at)


@pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
def test_a_reader_signs_up_confirms_and_is_on_record(sign_up, mailbox, language):
    sign_up(language=language)
    round_()
    letter = mailbox.only()
    assert letter["To"] == ADA
    assert letter["Auto-Submitted"] == "auto-replied"
    assert "List-Unsubscribe" not in letter

    press_the_link_in(letter)
    round_()

    assert Reader.objects.count() == 1
    assert Subscription.objects.get().language == language
    assert not Pending.objects.exists()


def test_the_confirmation_goes_out_while_the_reader_key_is_locked(sign_up, mailbox):
    sign_up()
    round_()

    assert mailbox.only()["Subject"] == "Confirm your subscription to The Test Sheet"


def test_once_handed_over_the_address_is_forgotten(sign_up):
    sign_up()
    round_()

    letter = Letter.objects.get()
    assert letter.state == "handed"
    assert letter.sealed is None
    assert letter.context == {}


class TestWhereNobodyCouldBeWrittenToInTime:
    """The relay was away for two days. The address waits, sealed to the reader key."""

    @pytest.fixture
    def late(self, sign_up, room):
        sign_up()
        collecting.collect(NOON)
        sweep(NOON + timedelta(hours=48))
        return NOON + timedelta(days=5)

    def test_the_unattended_copy_is_gone(self, late):
        assert not UnattendedCopy.objects.exists()
        assert Letter.objects.get().state == "queued"

    def test_nothing_leaves_while_the_key_is_locked(self, late, mailbox):
        deliver_due(late)

        assert mailbox.letters() == []
        assert Letter.objects.get().state == "queued"

    def test_the_next_unlock_sends_it(self, late, mailbox, unlocked):
        deliver_due(late)

        assert mailbox.only()["To"] == ADA

    def test_and_its_reader_has_48_hours_from_then(self, late, mailbox, unlocked):
        deliver_due(late)
        press_the_link_in(mailbox.only())

        sweep(late + timedelta(hours=47))

        assert Reader.objects.count() == 1

    def test_and_no_longer(self, late, mailbox, unlocked):
        deliver_due(late)

        sweep(late + timedelta(hours=50))

        assert not Pending.objects.exists()


def test_what_an_old_key_sealed_waits_for_the_unlock(sign_up, room, mailbox, unlocked):
    """The counter could not be told of new keys for days."""
    sign_up()
    for pair in unattended.pairs(room.keys):
        unattended.destroy(room.keys, pair.name)
    unattended.rotate(room.keys, NOON + timedelta(days=4))

    round_(NOON + timedelta(days=4))

    assert mailbox.only()["To"] == ADA


def test_a_damaged_unattended_key_holds_up_no_letter_that_the_reader_key_opens(
    sign_up, room, mailbox, unlocked
):
    """As after a crash or on a full disk."""
    sign_up()
    for pair in unattended.pairs(room.keys):
        (room.keys / "unattended" / f"{pair.name}.private").write_text("")

    round_()
    round_()

    assert mailbox.only()["To"] == ADA


def test_copies_go_after_48_hours_although_no_new_key_can_be_written(sign_up, room):
    sign_up()
    sweep(NOON)
    assert UnattendedCopy.objects.exists()
    shutil.rmtree(room.keys / "unattended")
    (room.keys / "unattended").write_text("in the way")
    try:
        sweep(NOON + timedelta(hours=49))
    finally:
        (room.keys / "unattended").unlink()

    assert not UnattendedCopy.objects.exists()


def test_once_confirmed_nothing_of_the_sign_up_is_left(sign_up, mailbox):
    sign_up()
    round_()
    press_the_link_in(mailbox.only())
    round_()

    assert not UnattendedCopy.objects.exists()
    assert not Pending.objects.exists()


def test_a_link_that_is_pressed_on_a_later_day_than_it_ends_does_nothing(sign_up, mailbox):
    """Though the desk was off meanwhile. One that was pressed in time counts (`readers`)."""
    sign_up()
    round_()
    press_the_link_in(mailbox.only())
    Envelope.objects.update(day=NOON.date() + timedelta(days=3))

    sweep(NOON + timedelta(days=3))

    assert not Reader.objects.exists()
    assert not Pending.objects.exists()
    assert not Envelope.objects.exists()


def test_forty_sign_ups_of_one_mailbox_make_one_letter(sign_up, mailbox):
    for n in range(40):
        sign_up(f"ada+{n}@example.org" if n % 2 else ADA)
    round_()

    assert len(mailbox.letters()) == 1
    assert Letter.objects.filter(state="suppressed").count() == 39
    assert not UnattendedCopy.objects.exists()


def test_of_a_letter_that_is_done_only_the_day_is_known(sign_up):
    sign_up()
    collecting.collect(NOON + timedelta(minutes=7, microseconds=3))
    deliver_due(NOON + timedelta(minutes=8))

    letter = Letter.objects.get()
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    assert (letter.queued_at, letter.due_at, letter.taken_at) == (midnight, midnight, None)


@pytest.fixture
def busy(room, settings):
    """All letters go to a relay that puts every reader off."""
    with BadRelay((Fault("RCPT", "450 4.2.1 busy"),)) as relay:
        settings.NEWSROOM = replace(room, mail=replace(room.mail, send=relay.address))
        yield relay


def test_a_letter_that_waits_long_tells_the_hour_of_the_next_try_and_the_day(sign_up, busy):
    sign_up()
    at = NOON + timedelta(minutes=7, microseconds=3)
    collecting.collect(at)
    for _ in range(12):
        deliver_due(at)
        at = max(at, Letter.objects.get().due_at)

    letter = Letter.objects.get()
    assert letter.state == "deferred"
    assert letter.taken_at is None
    assert letter.queued_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert (letter.due_at.minute, letter.due_at.second, letter.due_at.microsecond) == (0, 0, 0)


def test_a_letter_that_waits_tells_of_the_next_try_no_more_than_the_contract_says(sign_up, busy):
    sign_up()
    at = NOON + timedelta(minutes=7, seconds=31, microseconds=3)
    collecting.collect(at)
    deliver_due(at)

    due = Letter.objects.get().due_at
    assert contract.fates()["letters.Letter"]["due_at"] == contract.time("minute")
    assert at < due < at + timedelta(minutes=6)
    assert (due.second, due.microsecond) == (0, 0)


class TestAClockThatWasAheadForAWhile:
    """By three weeks, and the relay was away just then."""

    @pytest.fixture(autouse=True)
    def asked_ahead(self, sign_up, room, settings):
        ahead = NOON + timedelta(days=21)
        settings.NEWSROOM = replace(room, mail=replace(room.mail, send="smtp://127.0.0.1:9"))
        sign_up()
        sweep(ahead)
        deliver_due(ahead)
        settings.NEWSROOM = room

    def test_holds_up_no_letter(self, mailbox, unlocked):
        sweep(NOON)
        deliver_due(NOON)

        assert mailbox.only()["To"] == ADA

    def test_lets_nothing_lie_for_longer_than_was_promised(self, mailbox, unlocked):
        sweep(NOON)
        deliver_due(NOON)

        sweep(NOON + timedelta(hours=50))

        assert not Pending.objects.exists()
        assert not UnattendedCopy.objects.exists()

    def test_lets_no_copy_lie(self, room):
        store.copy_of(Record("receipt", ADA, "en"), room.keys, NOON + timedelta(days=21))

        sweep(NOON)

        assert not UnattendedCopy.objects.exists()


def test_and_when_its_day_is_over_it_is_gone(sign_up):
    sign_up()
    round_()

    finish(NOON + timedelta(days=1))

    assert not Letter.objects.exists()


def test_the_link_of_the_letter_holds_a_token_that_no_table_holds(sign_up, mailbox):
    sign_up()
    round_()

    text = mailbox.only().get_body(("plain",)).get_content()
    token = re.search(r"confirm/([a-z2-7]{26})", text)[1]
    rows = str([list(model.objects.values_list()) for model in (Pending, Letter)])
    assert token not in rows
    assert ADA not in rows
    assert tokens.digest(token) in rows


def test_the_confirmation_holds_no_advertising_and_loads_nothing(sign_up, mailbox):
    sign_up()
    round_()

    html = mailbox.only().get_body(("html",)).get_content()
    links = set(re.findall(r'(?:href|src)="([^"]+)"', html))
    assert {link.split("/")[2] for link in links} == {"127.0.0.1:8000", "127.0.0.1:8001"}
    assert "<img" not in html
    assert "url(" not in html


def test_a_letter_that_is_first_tried_after_days_lets_nobody_test_a_guess_for_longer(sign_up, room):
    """The relay was away from the beginning: the tag is made when a round gets to the letter."""
    sign_up()
    collecting.collect(NOON)
    unattended.rotate(room.keys, NOON + timedelta(hours=42))
    assert confirmations.may_go(Letter.objects.get(), ADA, NOON + timedelta(hours=42))
    tag = Pending.objects.get().limit_tag

    living = unattended.limit_keys(room.keys)
    assert tag in {addresses.limit_tag(key, ADA) for key in living.values()}
    unattended.rotate(room.keys, NOON + timedelta(hours=49))
    living = unattended.limit_keys(room.keys)
    assert living
    assert tag not in {addresses.limit_tag(key, ADA) for key in living.values()}
