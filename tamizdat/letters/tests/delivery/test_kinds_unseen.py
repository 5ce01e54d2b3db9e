"""Whoever takes the machine tells no kind of sealed record from another, with no key there."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from tamizdat.letters import data_requests
from tamizdat.letters.delivery import deliver_due, sealed_records
from tamizdat.letters.delivery.opened import everything
from tamizdat.letters.delivery.round_keys import round_keys
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_data_requests import remind, say, sign_up
from tamizdat.lib.each_alone import EachAlone
from tamizdat.readers import actions, tokens
from tamizdat.readers.mailboxes import unanswered
from tamizdat.readers.models import SealedRecord
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record

pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def one_of_each(room, unlocked, monkeypatch):
    """Let there be all kinds of records: what was asked for, said, noted, and what stays."""
    for _ in range(3):
        store.keep_record(unanswered.note("full@example.org", "en", NOON), room.keys)
    say(room, "stopped@example.org", "stop")
    sealed_records.look(NOON)  # of the three notes one stays
    unlocked.lock()
    sign_up(room, "late@example.org")
    deliver_due(NOON)
    actions.expire(room.keys, NOON + timedelta(hours=49))
    due = Record("reminder", "due@example.org", "en", {"due": NOON.date().isoformat()})
    row = store.keep_record(due, room.keys)
    row.copy = store.copy_of(due, room.keys, NOON)
    row.save()
    sealed_records.look(NOON)
    remind(room, "asked@example.org")
    say(room, "said@example.org", "yes")
    data_requests.ask(room, "question", "asks@example.org", "en")


def seen(row, folder):
    """Return what anybody sees of a row who has all that lies open on the machine."""
    answers = row.reply == tokens.digest(store.reply_token(folder, row.pk))
    return answers, len(bytes(row.sealed)), row.copy_id, row.again, row.older


def test_all_rows_look_the_same(room, one_of_each, unlocked, reader_secret):
    rows = list(SealedRecord.objects.all())

    assert len({seen(row, room.keys) for row in rows}) == 1

    unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
    with round_keys(room) as keys:
        kinds = sorted(one.record.kind for one in everything(keys, EachAlone()))
    assert kinds == [
        *("mailbox", "question", "reminder", "reminder", "stopped"),
        *("written", "written", "written"),  # unanswered ones: too many, of a sign-up, at once
    ]


def test_notes_of_an_older_newsroom_look_so_too(room):
    row = store.keep_record(unanswered.note("ada@example.org", "en", NOON), room.keys)
    SealedRecord.objects.update(reply="the hash of nobody's token")

    import_module("tamizdat.readers.migrations.0007_replies").derive(apps, None)

    assert SealedRecord.objects.get().reply == row.reply


def test_no_column_was_forgotten_here(db):
    columns = {field.name for field in SealedRecord._meta.concrete_fields}

    assert columns == {"id", "sealed", "copy", "reply", "again", "older"}
