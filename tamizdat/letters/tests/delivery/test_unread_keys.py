"""An unattended key's file that cannot be read just now costs nobody anything: all waits for it."""

from contextlib import contextmanager
from datetime import timedelta
from errno import EACCES, EMFILE
from os import strerror
from pathlib import Path

import pytest

from tamizdat.letters.delivery import deliver_due, opened, sealed_records
from tamizdat.letters.delivery.round_keys import round_keys
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_data_requests import sign_up
from tamizdat.letters.tests.delivery.test_isolation import receipts
from tamizdat.lib import alerts
from tamizdat.lib.each_alone import EachAlone
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.keys import letters_key, unattended
from tamizdat.readers.mailboxes import mailbox_links
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.models import Pending, UnattendedCopy
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting

__all__ = ["receipts"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA = "ada@example.org"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(params=[EMFILE, EACCES], ids=strerror)
def unread(request, monkeypatch):
    """Have the private halves of unattended keys not be read, all of them or only at first."""

    @contextmanager
    def unread(times=1000):
        really, tried = Path.read_bytes, []

        def read_bytes(path):
            if path.suffix == ".private" and len(tried) < times:
                tried.append(path)
                raise OSError(request.param, strerror(request.param))
            return really(path)

        with monkeypatch.context() as closed:
            closed.setattr(Path, "read_bytes", read_bytes)
            yield

    return unread


def told(room):
    return [alert.key for alert in alerts.standing(room.data)]


def test_who_wants_nothing_more_is_heard_as_soon_as_it_is_read(room, mailbox, unread):
    link = mailbox_links.link(letters_key(room.keys), ADA)
    choice = Record(mailbox_links.CHOICE, link, "en", {"say": "stop"})
    row = store.keep_record(choice, room.keys)
    row.copy = store.copy_of(choice, room.keys, NOON)
    row.save()
    with unread():
        sealed_records.look(NOON)
    assert told(room) == ["sealed-records"]

    sealed_records.look(NOON + MINUTE)
    sign_up(room, ADA)
    deliver_due(NOON + MINUTE)

    assert mailbox.letters() == []
    assert told(room) == []


def test_what_one_key_opens_is_seen_together_or_not_at_all(room, unread):
    """Else a receipt would go to the mistyped address, whose correction was not read."""
    for address in ("mistyped@example.org", ADA):
        asked = {"token": "a" * 26, "asked": NOON.date().isoformat(), "each": False}
        receipt = Record("receipt", address, "en", asked)
        row = store.keep_record(receipt, room.keys)
        row.copy = store.copy_of(receipt, room.keys, NOON)
        row.save()
    with round_keys(room) as unlocked, unread(times=1):
        assert opened.unattended(unlocked, EachAlone()) == []

    with round_keys(room) as unlocked:
        assert len(opened.unattended(unlocked, EachAlone())) == 2


def test_a_receipt_goes_without_the_reader_key_all_the_same(room, receipts, mailbox, unread):
    receipts(ADA)
    with unread():
        deliver_due(NOON)
    assert mailbox.letters() == []
    assert UnattendedCopy.objects.exists()
    assert len(told(room)) == 1

    deliver_due(NOON + HOUR)

    assert mailbox.recipients() == [ADA]


def test_a_confirmation_goes_all_the_same_and_two_do_not(room, mailbox, unread):
    sign_up(room, ADA)
    deliver_due(NOON)
    limits.forget()  # the program was started again
    sign_up(room, ADA)
    with unread():
        deliver_due(NOON)
    assert UnattendedCopy.objects.exists()

    deliver_due(NOON + HOUR)

    assert mailbox.recipients() == [ADA]


def test_a_sign_up_keeps_its_copy_where_the_folder_of_keys_cannot_be_looked_into(
    room, mailbox, monkeypatch
):
    really, asked = Path.iterdir, []

    def iterdir(path):
        asked.append(path)
        if len(asked) == 2:  # the first one is our own counter's
            raise OSError(EMFILE, strerror(EMFILE))
        return really(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    sign_up(room, ADA)
    assert asked[1].name == unattended.FOLDER
    assert Envelope.objects.exists()
    assert not Pending.objects.exists()

    collecting.collect(NOON + MINUTE)
    deliver_due(NOON + MINUTE)

    assert mailbox.recipients() == [ADA]
