"""The unlock finds out who is on record twice."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, transaction

from tamizdat.letters.actions import issues
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.delivery.merging import merge_readers
from tamizdat.letters.tests.conftest import NOON
from tamizdat.readers import actions
from tamizdat.readers.models import Reader, Subscription
from tamizdat.readers.tokens import digest
from tests.approved_issue import approved_issue

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA = "ada@example.org"


def test_nothing_is_merged_while_the_key_is_locked(subscribe):
    subscribe(ADA, "ADA@example.org")

    assert merge_readers(NOON) == 0
    assert Reader.objects.filter(tag=None).count() == 2


def test_an_unlock_makes_one_of_two(subscribe, unlocked):
    subscribe(ADA, "ADA@example.org", "bob@example.org")

    assert merge_readers(NOON) == 1
    assert Reader.objects.exclude(tag=None).count() == 2
    assert Subscription.objects.count() == 2


def test_a_tag_cannot_be_made_again_without_the_passphrase(subscribe, unlocked, room):
    """Nothing on the disk turns a suspected address into the tag of a reader."""
    import hmac

    subscribe(ADA)
    merge_readers(NOON)

    tag = Reader.objects.get().tag
    files = [path.read_bytes().strip() for path in room.keys.rglob("*") if path.is_file()]
    keys = [*files, *(bytes.fromhex(f.decode()) for f in files if len(f) == 64)]
    assert tag not in {hmac.digest(key, ADA.encode(), "sha256").hex() for key in keys}


def test_who_is_on_record_twice_gets_one_letter_of_an_issue(
    friday, subscribe, unlocked, mailbox, reader_secret
):
    """The editor pressed Send while the key was locked; nobody had been merged yet."""
    unlocked.lock()
    subscribe(ADA, "ADA@example.org")
    issues.send(approved_issue(friday, NOON), NOON)

    unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
    merge_readers(NOON)
    deliver_due(NOON)

    assert len(mailbox.letters()) == 1


def test_who_got_two_letters_leaves_by_the_link_of_each(
    friday, subscribe, unlocked, mailbox, monkeypatch
):
    """Their readers could not be compared before the issue went out: the database was busy."""
    subscribe(ADA, "ADA@example.org")
    issues.send(approved_issue(friday, NOON), NOON)
    with monkeypatch.context() as busy:
        busy.setattr(actions, "merge", fails)
        merge_readers(NOON)
        deliver_due(NOON)
    links = [letter["List-Unsubscribe"].strip("<>") for letter in mailbox.letters()]
    assert len(links) == 2

    merge_readers(NOON)

    for link in links:
        with suppress(LookupError), transaction.atomic():
            assert actions.leave(digest(link.rpartition("/")[2]), NOON.date())
            assert not Reader.objects.exists()
            raise LookupError


def fails(*_about):
    raise OperationalError("database is locked")


def test_a_reader_shares_no_bytes_with_the_sign_up_that_an_old_backup_holds(subscribe, unlocked):
    """Else the backup's row would tell the hour in which this reader signed up."""
    subscribe(ADA, "ADA@example.org", "bob@example.org")
    before = {bytes(sealed) for sealed in Reader.objects.values_list("sealed", flat=True)}

    merge_readers(NOON)

    after = {bytes(sealed) for sealed in Reader.objects.values_list("sealed", flat=True)}
    assert len(after) == 2
    assert not before & after
