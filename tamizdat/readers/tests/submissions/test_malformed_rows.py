"""Whoever may INSERT into the counter's box can write any row: none holds up the others."""

import json
import tracemalloc
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamizdat.lib import alerts
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.counter.submissions import LONGEST, MOST_BYTES
from tamizdat.readers.submissions import collecting, registry
from tamizdat.readers.submissions.malformed_rows import delete_malformed_rows

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
INSERT = "INSERT INTO counter_envelope (id, kind, day, payload) VALUES "
ID = f"'{'a' * 32}'"
IN_SQLITE = {
    "a month that is none": f"{ID}, 'note', '2026-13-45', '{{}}'",
    "a day that is none": f"{ID}, 'note', '2026-02-31', '{{}}'",
    "a year that is none": f"{ID}, 'note', '0000-01-01', '{{}}'",
    "a number for a day": f"{ID}, 'note', 5, '{{}}'",
    "a word for a day": f"{ID}, 'note', 'x', '{{}}'",
    "bytes for a day": f"{ID}, 'note', x'ff', '{{}}'",
    "a short key": "'zz', 'note', '2026-11-20', '{}'",
    "a key of other letters": f"'{'z' * 32}', 'note', '2026-11-20', '{{}}'",
    "bytes for a key": "x'00', 'note', '2026-11-20', '{}'",
    "a kind in no encoding": f"{ID}, CAST(x'ff' AS TEXT), '2026-11-20', '{{}}'",
    "a kind with NUL": f"{ID}, CAST(x'6e00ff' AS TEXT), '2026-11-20', '{{}}'",
    "a kind with letters behind NUL": f"{ID}, CAST(x'6e00c3a9' AS TEXT), '2026-11-20', '{{}}'",
    "a key with NUL": f"CAST(x'6100{'ff' * 30}' AS TEXT), 'note', '2026-11-20', '{{}}'",
    "a key that ends with NUL": f"CAST(x'{'61' * 31}00' AS TEXT), 'note', '2026-11-20', '{{}}'",
    "a long kind": f"{ID}, '{'a' * 33}', '2026-11-20', '{{}}'",
    "bytes for a payload": f"{ID}, 'note', '2026-11-20', x'ff'",
    "a payload in no encoding": f"{ID}, 'note', '2026-11-20', CAST(x'7bff7d' AS TEXT)",
    "a long payload behind NUL": (
        f"{ID}, 'note', '2026-11-20', CAST(zeroblob({MOST_BYTES + 1}) AS TEXT)"
    ),
}
IN_POSTGRESQL = {
    "a day without end": f"{ID}, 'note', 'infinity', '{{}}'",
    "a day before years": f"{ID}, 'note', '0001-01-01 BC', '{{}}'",
}


@pytest.fixture
def acted(monkeypatch, newsroom):
    """The payloads that were acted on. No alert stands after the story: all stories share data/."""
    acted = []

    def act(submission, _at):
        acted.append(submission.payload)

    monkeypatch.setitem(registry._handlers, "note", act)
    yield acted
    for each in alerts.standing(newsroom.data):
        alerts.clear(newsroom.data, each.key)


def insert(row):
    with connections["counter"].cursor() as cursor:
        cursor.execute(f"{INSERT} ({row})")


DEEP = {
    f"{depth} {name}": '{"a":' + begin * depth + "1" + end * depth + "}"
    for name, begin, end in (("lists", "[", "]"), ("objects", '{"a":', "}"))
    for depth in (600, 2_000, 20_000)
}


def put(payload):
    Envelope.objects.create(kind="note", day=NOON.date(), payload=payload)


def collect_all(acted, newsroom):
    put('{"honest": 1}')

    collecting.collect(NOON)

    assert acted == [{"honest": 1}]
    assert not Envelope.objects.exists()
    assert not [each for each in alerts.standing(newsroom.data) if "submission" in each.key]


@pytest.mark.parametrize("what", IN_SQLITE)
@pytest.mark.skipif(
    "connections['counter'].vendor != 'sqlite'", reason="PostgreSQL keeps no such row"
)
def test_a_row_of_no_form_is_thrown_away(acted, newsroom, caplog, what):
    insert(IN_SQLITE[what])

    collect_all(acted, newsroom)

    assert "1 submissions were thrown away: no counter of ours makes such rows" in caplog.messages


@pytest.mark.parametrize("what", IN_POSTGRESQL)
@pytest.mark.skipif(
    "connections['counter'].vendor != 'postgresql'", reason="the days are PostgreSQL's own"
)
def test_a_day_that_no_calendar_has_is_thrown_away(acted, newsroom, what):
    insert(IN_POSTGRESQL[what])

    collect_all(acted, newsroom)


@pytest.mark.parametrize(
    "payload",
    [
        r'{"token": "\ud800"}', r'{"\ud800": 1}', r'{"token": "a\u0000"}', "[" * 15_000,
        '{"a":' * 3_000, '{"a": ' + "1" * 15_000 + "}", *DEEP.values(),
    ],
    ids=[
        "half a character", "in a name", "NUL", "deep", "deep objects", "a long number", *DEEP,
    ],
)  # fmt: skip
def test_a_payload_that_cannot_be_kept_is_thrown_away(acted, newsroom, payload):
    put(payload)

    collect_all(acted, newsroom)


def test_large_rows_are_deleted_and_never_loaded(acted, newsroom, caplog):
    """60 of 4 MB took 680 MB, and came back with each round."""
    for _ in range(20):
        put(json.dumps({"token": "a" * 1_000_000}))
    tracemalloc.start()
    try:
        collect_all(acted, newsroom)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 8_000_000
    assert "20 submissions were thrown away: no counter of ours makes such rows" in caplog.messages


def test_the_longest_that_a_counter_takes_in_is_acted_on(acted):
    """In a script that needs four bytes a letter."""
    text = json.dumps({"n": "𐌰" * (LONGEST - 8)}, ensure_ascii=False, separators=(",", ":"))
    assert len(text) == LONGEST
    Envelope.objects.create(id=uuid4(), kind="note", day=NOON.date(), payload=text)

    collecting.collect(NOON)

    assert len(acted) == 1


@pytest.fixture
def on_sqlite():
    """PostgreSQL itself refuses bytes in no encoding."""
    if connections["counter"].vendor != "sqlite":
        pytest.skip("the counter's database is not SQLite")


@pytest.mark.usefixtures("on_sqlite")
@given(
    columns=st.fixed_dictionaries(
        {},
        optional={
            "id": st.one_of(st.binary(max_size=40), st.binary(min_size=32, max_size=32)),
            "kind": st.binary(max_size=40),
            "day": st.one_of(st.binary(max_size=12), st.from_regex(rb"[0-9-]{10}", fullmatch=True)),
            "payload": st.binary(max_size=40),
        },
    ),
    as_text=st.booleans(),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_bytes_a_row_holds_what_is_left_can_be_read(columns, as_text):
    row = {"id": b"b" * 32, "kind": b"note", "day": b"2026-11-20", "payload": b"{}", **columns}
    value = "CAST(%s AS TEXT)" if as_text else "%s"
    with transaction.atomic("counter"):
        put('{"honest": 1}')
        with connections["counter"].cursor() as cursor:
            cursor.execute(f"{INSERT} ({', '.join([value] * 4)})", list(row.values()))
        delete_malformed_rows()

        assert '{"honest": 1}' in [each.payload for each in Envelope.objects.all()]
        transaction.set_rollback(rollback=True, using="counter")


@pytest.mark.parametrize("many", [0, 3000])
def test_rows_of_kinds_that_nobody_knows_are_kept_told_and_not_loaded(
    acted, newsroom, django_assert_max_num_queries, many
):
    rows = (Envelope(kind="strange", day=date(1, 1, 1), payload="{}") for _ in range(many))
    Envelope.objects.bulk_create(rows)
    put('{"honest": 1}')
    with django_assert_max_num_queries(6, using="counter"):
        collecting.collect(NOON)

    assert acted == [{"honest": 1}]
    assert Envelope.objects.count() == many
    told = [each.what for each in alerts.standing(newsroom.data) if "submission" in each.key]
    known = f"{many} submissions are of a kind that this program does not know."
    assert told == ([known] if many else [])


def test_many_rows_that_fail_hold_up_none(acted, newsroom, monkeypatch):
    def act(submission, _at):
        if "bad" in submission.payload:
            raise ZeroDivisionError
        acted.append(submission.payload)

    monkeypatch.setitem(registry._handlers, "note", act)
    for number in range(1200):
        put(json.dumps({"bad": 1} if number % 2 else {"good": number}))
    collecting.collect(NOON)

    assert len(acted) == 600
    assert Envelope.objects.count() == 600
