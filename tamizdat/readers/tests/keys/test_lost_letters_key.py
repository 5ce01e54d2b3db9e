"""A letters.key that nobody has any more is replaced, and the next letters have links that work."""

import os

import pytest
from django.db import OperationalError, connection

from tamizdat.readers import actions, keys, tokens
from tamizdat.readers.keys import founded_keys, unattended
from tamizdat.readers.lost_letters_key import Renewed, renew
from tamizdat.readers.models import Pending, SealedRecord, Subscription
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.tests.keys.test_founded_keys import founded
from tamizdat.readers.tests.submissions.test_records import NOON, submission

__all__ = ["founded"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def lost(founded):
    """Its letters.key is gone; it has a subscriber, an open sign-up and a sealed record."""
    unattended.rotate(founded.keys, NOON)
    for address in ("ada@example.org", "bob@example.org"):
        said = submission(founded.keys, address, ("friday",), "en", "1.0")
        expected = actions.expect(said, founded.keys, NOON)
    token = tokens.token(keys.letters_key(founded.keys), "confirm", expected.id.hex)
    actions.confirm(tokens.digest(token), founded.keys, NOON)
    store.keep_record(Record("reminder", "eve@example.org", "en", {}), founded.keys)
    (founded.keys / "letters.key").unlink()
    return founded


@pytest.fixture
def asked(founded):
    """Somebody was written to, so that they confirm; the newsroom has its letters.key still."""
    unattended.rotate(founded.keys, NOON)
    said = submission(founded.keys, "ada@example.org", ("friday",), "en", "1.0")
    expected = actions.expect(said, founded.keys, NOON)
    assert actions.recognise(expected.id, founded.keys, "ada@example.org", NOON)
    return expected.id


def test_all_that_depends_on_it_goes_by_the_new_one(lost):
    assert renew(lost.keys) == Renewed(1, 1, 1)

    secret = founded_keys.letters_key(lost.keys)
    subscription, record = Subscription.objects.get(), SealedRecord.objects.get()
    pending = Pending.objects.get()
    made = {
        subscription.leave_token: tokens.token(secret, "leave", subscription.key.hex),
        pending.token: tokens.token(secret, "confirm", pending.pk.hex),
        record.reply: store.reply_token(lost.keys, record.pk),
    }
    assert [tokens.digest(token) for token in made.values()] == list(made)
    assert not record.older, "what a counter forged would be believed"
    assert founded_keys.faults(lost.keys) == {}


@pytest.mark.parametrize("there", [b"", b"\xff", b"00" * 32])
def test_one_that_is_there_is_never_written_over(lost, there):
    path = lost.keys / "letters.key"
    path.write_bytes(there)
    before = list(Subscription.objects.values_list("leave_token", flat=True))

    with pytest.raises(keys.KeysError, match="Move it away first"):
        renew(lost.keys)

    assert path.read_bytes() == there
    assert list(Subscription.objects.values_list("leave_token", flat=True)) == before


def test_where_it_cannot_be_written_all_stays_as_it_was(lost, monkeypatch):
    def full(*_about):
        raise OSError(28, "No space left on device")

    before = list(Subscription.objects.values_list("leave_token", flat=True))
    monkeypatch.setattr(keys, "write", full)
    with pytest.raises(keys.KeysError, match="No space left"):
        renew(lost.keys)

    assert list(Subscription.objects.values_list("leave_token", flat=True)) == before


def test_readers_leave_by_the_letters_from_before_it(lost):
    (former,) = Subscription.objects.values_list("leave_token", flat=True)
    renew(lost.keys)

    assert actions.leave(former, NOON.date())
    assert not Subscription.objects.exists()


def test_nobody_leaves_by_an_empty_token(lost):
    assert not actions.leave("", NOON.date())
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


def test_who_was_asked_to_confirm_confirms_by_that_letter(lost):
    Pending.objects.update(note=b"sealed")
    (former,) = Pending.objects.values_list("token", flat=True)
    assert renew(lost.keys).sign_ups == 0

    assert actions.confirm(former, lost.keys, NOON)


def test_a_confirmation_that_is_tried_again_has_a_link_that_works(founded, asked):
    """It is written anew, with a link that the new key makes."""
    (founded.keys / "letters.key").unlink()
    renew(founded.keys)
    assert actions.recognise(asked, founded.keys, "ada@example.org", NOON)

    link = tokens.token(founded_keys.letters_key(founded.keys), "confirm", asked.hex)
    assert actions.confirm(tokens.digest(link), founded.keys, NOON)


def test_one_that_did_not_reach_the_disk_does_not_stay(lost, monkeypatch):
    """It would be refused as one that is there, and holds a key that nobody remembers."""
    before = list(Subscription.objects.values_list("leave_token", flat=True))
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        with pytest.raises(keys.KeysError, match="No space left"):
            renew(lost.keys)

    assert not (lost.keys / "letters.key").exists()
    assert list(Subscription.objects.values_list("leave_token", flat=True)) == before
    assert renew(lost.keys) == Renewed(1, 1, 1)


@pytest.mark.django_db(databases=["default", "counter"], transaction=True)
def test_nor_does_one_that_the_database_did_not_keep(lost, monkeypatch):
    with monkeypatch.context() as full:
        full.setattr(connection, "commit", not_kept)
        with pytest.raises(OperationalError):
            renew(lost.keys)

    assert not (lost.keys / "letters.key").exists()
    assert renew(lost.keys) == Renewed(1, 1, 1)


def no_space(*_about):
    raise OSError(28, "No space left on device")


def not_kept():
    raise OperationalError("database or disk is full")
