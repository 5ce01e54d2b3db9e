"""After `tamizdat resetkey`: what the old mark sealed is lost, and no forgery takes its place."""

import pytest

from tamizdat.letters import data_requests
from tamizdat.letters.delivery import deliver_due, sealed_records
from tamizdat.letters.tests.conftest import NOON
from tamizdat.readers import keys, lost_letters_key
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.models import Reader, SealedRecord
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record

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
    assert lost_letters_key.at_stake(room.keys) == 1
    lost_letters_key.renew(room.keys)

    sealed_records.look(NOON)
    deliver_due(NOON)

    assert Reader.objects.count() == 1
    assert not SealedRecord.objects.exists()
    assert mailbox.letters() == []
