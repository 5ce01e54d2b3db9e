"""What `tamizdat doctor` says of a seizure: by a walk, so that nothing can be left out."""

import json
import tracemalloc
from datetime import timedelta

import pytest
from django.db import connection, connections

from tamizdat.letters.tests.conftest import NOON
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import UnattendedCopy
from tamizdat.readers.privacy import contract, seizure
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])


def said(room, machine="desk", at=NOON):
    return "\n".join(seizure.report(room, at)[machine])


def test_a_key_file_that_nobody_answers_for_is_called_unknown(room):
    (room.keys / "spare.key").write_text("secret")

    assert "UNKNOWN: the key file spare.key" in said(room)


def test_a_model_and_a_field_without_a_fate_are_called_unknown(room, monkeypatch):
    fates = {model: dict(each) for model, each in contract.fates().items()}
    del fates["readers.Pending"], fates["readers.Reader"]["tag"]
    monkeypatch.setattr(contract, "_fates", fates)

    assert "UNKNOWN: nobody says what becomes of readers.Pending: id, token" in said(room)
    assert "UNKNOWN: nobody says what becomes of readers.Reader: tag" in said(room)


def test_a_table_of_no_model_is_called_unknown(room):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE letters_former (address varchar(64))")

    assert "UNKNOWN: the table letters_former" in said(room)


def test_nothing_is_unknown_in_a_newsroom_as_it_is_made(room):
    for machine in ("edition", "counter", "till", "desk"):
        assert "UNKNOWN" not in said(room, machine)


def test_it_counts_what_the_unattended_keys_open_now_and_until_when(room):
    record = Record("receipt", "ada@example.org", "en", {})
    store.copy_of(record, room.keys, NOON)

    assert "NOW: 1 addresses can be opened with the unattended keys" in said(room)
    assert "until 2026-11-22 12:00" in said(room)

    UnattendedCopy.objects.all().delete()
    assert "can be opened with" not in said(room)


def test_keys_that_nobody_destroyed_are_named(room):
    late = NOON + unattended.LIVES

    assert "older than they may be" not in said(room)
    assert "1 unattended keys are older than they may be" in said(room, at=late)


def test_the_mailbox_on_screen_is_counted(room):
    (room.data / "mailbox").mkdir()
    (room.data / "mailbox/one.eml").write_text("To: ada@example.org")

    assert "1 letters in the mailbox on screen" in said(room)


def test_no_line_holds_an_address_or_a_hash(room):
    store.keep_record(Record("receipt", "ada@example.org", "en", {}), room.keys)

    assert "readers.SealedRecord, 1 rows: sealed opens with the reader key" in said(room)
    assert "ada" not in said(room)


def sent_in(room, key):
    sealed = {"reader": "AA==", "unattended": {"key": key, "sealed": "AA=="}}
    Envelope.objects.create(kind="subscribe", day=NOON, payload=json.dumps({"sealed": sealed}))


def test_what_waits_at_the_counter_counts_as_open_while_its_key_is_there(room):
    sent_in(room, unattended.rotate(room.keys, NOON).name)
    sent_in(room, "2026-11-01T08-00000000")

    assert "NOW: 1 addresses can be opened with the unattended keys" in said(room)
    assert "until 2026-11-22 13:00" in said(room)


def test_what_nobody_destroyed_in_time_is_not_said_to_be_over(room):
    sent_in(room, unattended.rotate(room.keys, NOON).name)
    store.copy_of(Record("receipt", "ada@example.org", "en", {}), room.keys, NOON)

    told = said(room, at=NOON + timedelta(days=4))

    assert "NOW: 2 addresses can be opened with the unattended keys, all until a worker" in told
    assert "until 2026-11" not in told


def test_a_key_that_a_clock_made_that_was_ahead_is_named(room):
    unattended.rotate(room.keys, NOON + timedelta(days=365))

    assert "1 unattended keys are older than they may be" in said(room)


@pytest.mark.parametrize(
    ("machine", "what", "since"),
    [
        ("counter", "addresses that readers typed", "of the last hour and a quarter"),
        ("till", "manage links", "since it was started"),
        ("desk", "the passphrase of the reader key", "of the last hour and a quarter"),
        ("desk", "addresses that it wrote to", "since it was started"),
    ],
)
def test_what_stays_in_the_memory_of_a_process_is_told_of_each_machine(room, machine, what, since):
    """Python and the server do not overwrite what they let go: it was found hours later."""
    told = [line for line in seizure.report(room, NOON)[machine] if "memory" in line]

    assert any(what in line and since in line for line in told)


@pytest.mark.parametrize("depth", [600, 20_000])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
def test_rows_nested_deep_stop_no_report(room, begin, end, depth):
    payload = begin * depth + "1" + end * depth
    Envelope.objects.create(kind="receipt", day=NOON.date(), payload=payload)

    assert "The reader key is locked" in said(room)


def test_rows_of_any_size_do_not_fill_the_memory_of_who_asks(room):
    """The next collection deletes them: our counter makes none. Until then they are not loaded."""
    sent_in(room, unattended.rotate(room.keys, NOON).name)
    for _ in range(20):
        Envelope.objects.create(kind="subscribe", day=NOON, payload="a" * 1_000_000)
    tracemalloc.start()
    try:
        told = said(room)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 8_000_000
    assert "NOW: 1 addresses can be opened with the unattended keys" in told


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no such row")
@pytest.mark.parametrize(
    "row",
    [
        "'subscribe', '2026-11-20', CAST(x'7bff7d' AS TEXT)",
        "'subscribe', '2026-11-20', x'ff'",
        "'subscribe', '2026-11-20', 5",
        "CAST(x'ff' AS TEXT), '2026-11-20', '{}'",
        "'subscribe', '2026-13-45', '{}'",
    ],
)
def test_a_row_that_nobody_can_read_hides_no_other(room, row):
    key = unattended.pairs(room.keys)[-1].name
    waiting = json.dumps({"sealed": {"unattended": {"key": key}}})
    Envelope.objects.create(kind="subscribe", day=NOON.date(), payload=waiting)
    with connections["counter"].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO counter_envelope (id, kind, day, payload) VALUES ('{'a' * 32}', {row})"
        )

    assert "NOW: 1 addresses can be opened with the unattended keys" in said(room)
