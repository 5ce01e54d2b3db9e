"""How long the relay is left alone; and that its file is never believed against sense."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.letters.delivery import relay_pauses
from tamizdat.letters.delivery.relay_pauses import RelayNotes

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RELAY = "@mail.example.org:587"
HALF_A_TIME = json.dumps(
    {
        "of": RELAY,
        "issues": {},
        "took": None,
        "relay": {"failures": 1, "until": "2026-11-20T13:00"},
    }
)


def paused(failures):
    notes = RelayNotes()
    for _ in range(failures):
        notes = notes.failed(NOON)
    return notes


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 15), (99, 15)]
)
def test_pauses_grow_up_to_a_quarter_of_an_hour(failures, minutes):
    notes = paused(failures)

    assert notes.is_paused(NOON + minutes * MINUTE - timedelta(seconds=1))
    assert not notes.is_paused(NOON + minutes * MINUTE)


def test_a_letter_that_is_taken_ends_them():
    notes = paused(5).worked(NOON.date())

    assert not notes.is_paused(NOON)
    assert notes.failed(NOON).relay.until == NOON + MINUTE


def test_what_is_kept_is_read_again(tmp_path):
    notes = paused(2).worked(NOON.date()).failed(NOON).issue_failed(7, NOON)
    relay_pauses.write(tmp_path, RELAY, notes)

    assert relay_pauses.read(tmp_path, RELAY) == notes
    assert relay_pauses.read(tmp_path, RELAY).waiting_issues(NOON) == [7]
    assert relay_pauses.read(tmp_path, "@mail.example.com:587") == RelayNotes()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"of": "@mail.example.org:587"}',
        b'{"of": "@mail.example.org:587", "issues": {}, "took": null, "relay": {"until": "2026"}}',
        HALF_A_TIME.encode(),
    ],
    ids=["empty", "no text", "a list", "half", "half a pause", "no time zone"],
)
def test_a_file_that_makes_no_sense_counts_as_nothing(tmp_path, content):
    (tmp_path / relay_pauses.FILE).write_bytes(content)

    assert relay_pauses.read(tmp_path, RELAY) == RelayNotes()


def test_a_clock_that_was_ahead_pauses_nothing():
    ahead = RelayNotes().failed(NOON + timedelta(days=365))

    assert not ahead.is_paused(NOON)


def test_where_no_file_can_be_written_nothing_fails(tmp_path):
    relay_pauses.write(tmp_path / "missing", RELAY, paused(1))
