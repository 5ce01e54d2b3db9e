"""A stop ends all that is held of a mailbox, however its address is written there."""

import pytest

from tamizdat.letters import data_requests, outbox
from tamizdat.letters.delivery import forgetting, merging, sealed_records
from tamizdat.letters.models import Letter
from tamizdat.letters.outbox import Addressed, Words
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_data_requests import remind, say, sign_up
from tamizdat.readers import keys
from tamizdat.readers.models import Pending, Reader, SealedRecord
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, BOB = "ada@example.org", "bob@example.org"
SPELLINGS = [
    ("ada+news@example.org", ADA),
    (ADA, "ada+shop@example.org"),
    ("a.d.a@gmail.com", "ada@gmail.com"),
    ("ada@gmail.com", "A.da+1@googlemail.com"),
    ("Ada@example.org", ADA),
]


@pytest.fixture
def write(room):
    """Queue a letter that waits for the reader key."""

    def write(address):
        record = Record("letter", address, "en", {})
        to = Addressed(records.seal(record, keys.reader_public(room.keys)), None)
        outbox.queue("reminder", address, to, Words("reminder", "en"), NOON)

    return write


@pytest.fixture
def hold(room, subscribe, write):
    """Let there be one of each kind that can be held of an address."""

    def hold(address):
        subscribe(address)
        remind(room, address)
        sign_up(room, address)
        write(address)

    return hold


def held():
    waiting = Letter.objects.filter(state__in=outbox.DUE)
    return {
        "readers": Reader.objects.count(),
        "sign-ups": Pending.objects.count(),
        "letters": waiting.exclude(kind="confirmation").count(),
        "records": SealedRecord.objects.count(),
    }


@pytest.mark.parametrize(("written", "stopped"), SPELLINGS)
def test_everything_ends_with_it_and_nobody_else_s(room, hold, unlocked, written, stopped):
    hold(BOB)
    bobs = held()
    hold(written)
    say(room, stopped, "stop")

    sealed_records.look(NOON)

    assert held() == {**bobs, "records": bobs["records"] + 1}  # that nothing more is to be written


@pytest.mark.parametrize(("written", "stopped"), SPELLINGS)
def test_who_asked_at_the_desk_is_answered(room, unlocked, written, stopped):
    data_requests.ask(room, "question", written, "en")
    say(room, stopped, "stop")

    sealed_records.look(NOON)

    assert Letter.objects.get().template == "held"


def test_readers_are_opened_once_a_look_however_many_say_so(room, subscribe, unlocked, monkeypatch):
    many = [f"{n}@example.org" for n in range(7)]
    subscribe(*many)
    merging.merge_readers(NOON)
    for address in many[:5]:
        say(room, address, "stop")
    opened = []
    really = forgetting.open_sealed
    monkeypatch.setattr(forgetting, "open_sealed", lambda *said: opened.append(1) or really(*said))

    sealed_records.look(NOON)

    assert (len(opened), Reader.objects.count()) == (7, 2)
