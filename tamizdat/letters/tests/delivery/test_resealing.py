"""What an older program sealed to its errand key is sealed anew, and that key is destroyed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tamizdat.letters.delivery import deliver_due, resealing, sealed_records
from tamizdat.lib import clock
from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.sealing import seal
from tests.restarting import restart_letters

BEFORE = [
    ("readers", "0001_initial"),
    ("letters", "0001_initial"),
    ("support", "0001_appeals_reminders_receipts"),
]
CONTEXT = {  # as the older program wrote it
    "amount": "", "interval": "", "month": "", "manage_href": "https://example.org/support",
    "cancel_href": "",
}  # fmt: skip
ADA, BOB, EVE = "ada@example.org", "bob@example.org", "eve@example.org"


@pytest.fixture
def errand(room):
    """The keys that an older program made."""
    secret, public = keys.fresh_pair()
    (room.keys / "errand.private").write_bytes(keys.encoded(secret))
    (room.keys / "errand.public").write_bytes(keys.encoded(public))
    (room.keys / "tags.key").write_text("ab" * 32)
    return keys.public_from(public, "errand")


@pytest.fixture
def older(transactional_db, errand):
    """The tables of an older program; at the end they are today's again."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    call_command("migrate", verbosity=0)


def fill(apps, errand, at):
    """A subscriber, a sign-up, letters that wait and one that is done, reminders, a receipt."""
    model = apps.get_model
    model("readers", "Reader").objects.create(sealed=b"s", tag="a tag that tags.key makes")
    letter = {
        "language": "en", "message_id": "<x@y>", "due_at": at, "queued_at": at,
        "state": "queued",
    }  # fmt: skip
    letters = model("letters", "Letter").objects
    letters.create(kind="reminder", about="1", template="reminder", sealed=seal(ADA, errand),
                   context=CONTEXT, **letter)  # fmt: skip
    letters.create(kind="receipt", about="2", **{**letter, "state": "handed"})
    for sent, address in ((0, BOB), (1, EVE)):
        model("support", "Reminder").objects.create(
            sealed=seal(address, errand), language="ru", due=at.date(), sent=sent,
            cancel_hash=f"{sent}",
        )  # fmt: skip
    model("support", "ReceiptWish").objects.create(
        key=uuid4(), sealed=seal(EVE, errand), token_hash="0" * 64, language="en", each=True,
        told=2, asked=at.date(), look_on=at.date(),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True, databases=["default", "counter"])
def test_an_older_newsroom_loses_nothing_and_its_keys_open_nothing(
    older, errand, room, unlocked, mailbox, caplog
):
    at = clock.now()
    fill(older, errand, at)

    call_command("migrate", verbosity=0)
    assert resealing.retire(room)
    assert not resealing.retire(room)

    assert not list(room.keys.glob("errand.*")) + list(room.keys.glob("tags.key"))
    from tamizdat.letters.models import Letter
    from tamizdat.readers.models import Reader, SealedRecord

    assert Reader.objects.get().tag is None
    assert Letter.objects.get().about == "1"
    assert SealedRecord.objects.count() == 2  # a reminder that is due, and the receipts to come
    restart_letters()
    sealed_records.look(at)
    deliver_due(at)
    assert mailbox.recipients() == [ADA, BOB]


@pytest.mark.django_db(transaction=True, databases=["default", "counter"])
def test_what_still_had_time_goes_out_without_an_unlock(older, errand, room, mailbox):
    fill(older, errand, clock.now() - timedelta(hours=1))

    call_command("migrate", verbosity=0)
    deliver_due(clock.now())

    assert mailbox.recipients() == [ADA]


@pytest.mark.django_db(transaction=True, databases=["default", "counter"])
def test_without_the_old_key_nothing_can_be_carried_and_nothing_breaks(older, errand, room):
    fill(older, errand, clock.now())
    (room.keys / "errand.private").unlink()

    call_command("migrate", verbosity=0)

    from tamizdat.readers.models import SealedRecord

    assert not SealedRecord.objects.exists()


def test_a_copy_is_made_only_for_what_is_younger_than_48_hours(room):
    from tamizdat.readers.sealing.records import Record

    ours, at = resealing.resealer(room.keys), datetime(2026, 11, 20, 12, tzinfo=UTC)
    unattended.rotate(room.keys, at)
    record = Record("letter", ADA, "en")

    assert ours.copy(record, at - timedelta(hours=47), at)["until"] == at + timedelta(hours=1)
    assert ours.copy(record, at - timedelta(hours=48), at) is None
