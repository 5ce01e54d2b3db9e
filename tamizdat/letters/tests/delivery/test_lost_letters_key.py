"""After `tamizdat resetkey`: what the old mark sealed is lost, and no forgery takes its place."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from tamizdat.letters import data_requests
from tamizdat.letters.delivery import deliver_due, sealed_records
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_confirming import press_the_link_in, sign_up
from tamizdat.letters.tests.delivery.test_forged_sign_ups import on_record, unlock
from tamizdat.readers import keys, lost_letters_key
from tamizdat.readers.keys import founded_keys, unattended
from tamizdat.readers.models import Reader, SealedRecord
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting
from tamizdat.readers.tasks import sweep
from tests.bad_relay import BadRelay, Fault

__all__ = ["on_record", "sign_up", "unlock"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA = "ada@example.org"


def sealed_at_the_desk(room):
    data_requests.ask(room, data_requests.ERASURE, ADA, "en")


def forged_at_the_counter(room):
    record = Record(data_requests.ERASURE, ADA, "en")
    SealedRecord.objects.create(
        sealed=records.seal(record, keys.reader_public(room.keys)), reply="r"
    )


@pytest.mark.parametrize("erasure", [sealed_at_the_desk, forged_at_the_counter])
def test_an_erasure_from_before_it_has_no_effect(room, subscribe, unlocked, mailbox, erasure):
    founded_keys.remember(room.keys)
    subscribe(ADA)
    erasure(room)
    (room.keys / "letters.key").unlink()
    assert lost_letters_key.at_stake(room.keys).records == 1
    lost_letters_key.renew(room.keys)

    sealed_records.look(NOON)
    deliver_due(NOON)

    assert Reader.objects.count() == 1
    assert not SealedRecord.objects.exists()
    assert mailbox.letters() == []


class TestAConfirmationThatTheRelayPutOff:
    """It was written with the old key, and is handed over when there is a new one."""

    @pytest.fixture
    def put_off(self, room, sign_up, settings):
        founded_keys.remember(room.keys)
        sign_up()
        collecting.collect(NOON)
        with BadRelay((Fault("RCPT", "450 4.2.1 busy"),)) as relay:
            settings.NEWSROOM = replace(room, mail=replace(room.mail, send=relay.address))
            deliver_due(NOON)
        settings.NEWSROOM = room

    def renew(self, room):
        (room.keys / "letters.key").unlink()
        lost_letters_key.renew(room.keys)

    def disk_lost(self, room):
        """The backup has no unattended keys, by design, and in this newsroom no letters.key."""
        shutil.rmtree(room.keys / "unattended")
        self.renew(room)
        at = NOON + timedelta(hours=6)
        unattended.rotate(room.keys, at)
        deliver_due(at)
        return at

    def sixty_hours(self, room):
        """Nothing else is lost: the key of the hour is over in time."""
        self.renew(room)
        for hour in range(1, 61):
            sweep(NOON + timedelta(hours=hour))
        return NOON + timedelta(hours=60)

    def at_once(self, room):
        self.renew(room)
        return NOON + timedelta(hours=1)

    @pytest.mark.parametrize("since", ["at_once", "disk_lost", "sixty_hours"])
    def test_has_a_link_that_works(self, room, put_off, mailbox, unlock, on_record, since):
        at = getattr(self, since)(room)
        unlock()
        for hours in range(0, 10, 3):
            deliver_due(at + timedelta(hours=hours))

        press_the_link_in(mailbox.only())
        collecting.collect(at + timedelta(hours=10))

        assert on_record() == [ADA]
