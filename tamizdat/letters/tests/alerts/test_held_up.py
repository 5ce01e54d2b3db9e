"""What waits because nobody unlocks the reader key is said after eight days."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from tamizdat.letters import outbox
from tamizdat.letters.alerts import held_up
from tamizdat.letters.delivery import sealed_records
from tamizdat.letters.outbox import Addressed, Words
from tamizdat.letters.tests.conftest import NOON
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
DAY = timedelta(days=1)


@pytest.fixture
def waits(room):
    """Queue letters that only the reader key opens."""

    def waits(kind, many, at=NOON):
        for n in range(many):
            outbox.queue(kind, f"{kind}:{n}", Addressed(b"x", None), Words(kind, "en"), at)

    return waits


def said(room, at):
    return [str(each) for each in held_up.held_up(room, at)]


def test_after_eight_days_it_is_said_how_many_of_which_kind_wait_and_since_when(room, waits):
    waits("receipt", 3)
    waits("confirmation", 2, NOON + DAY)

    assert said(room, NOON + 8 * DAY - timedelta(hours=12)) == []
    assert said(room, NOON + 8 * DAY) == ["3 receipts wait since 20 November 2026"]
    assert said(room, NOON + 9 * DAY) == [
        "3 receipts wait since 20 November 2026",
        "2 confirmations wait since 21 November 2026",
    ]


def test_letters_that_left_do_not_wait(room, waits):
    waits("receipt", 1)
    letter = outbox.take_next(NOON, unattended_only=False)
    outbox.settle(letter, outbox.State.HANDED_OVER, NOON)

    assert said(room, NOON + 30 * DAY) == []


def test_sealed_records_wait_since_somebody_last_opened_them(room, unlocked, monkeypatch):
    sealed_records.look(NOON)
    store.keep_record(Record("reminder", "ada@example.org", "en", {}), room.keys)

    assert said(room, NOON + 8 * DAY) == []
    assert said(room, NOON + 9 * DAY) == [
        "1 sealed records (reminders, receipts, notes) wait since 20 November 2026"
    ]
    assert (room.data / held_up.LAST_LOOK).read_text() == "2026-11-20\n", "a day and no time"


def test_the_first_screen_says_so_and_what_helps(room, waits):
    waits("trial", 2)
    context = {"held_up": held_up.held_up(room, NOON + 9 * DAY)}

    page = render_to_string("letters/held_up.html", context)

    assert "2 tests" in page
    assert "Unlock the reader key" in page
    assert not render_to_string("letters/held_up.html", {"held_up": []}).strip()
