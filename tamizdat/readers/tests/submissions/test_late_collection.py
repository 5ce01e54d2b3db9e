"""Who confirms in time is on record, however late the desk gets to it."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connections

from tamizdat.readers import tasks, tokens
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import Pending, Reader
from tamizdat.readers.tests.submissions.test_records import (
    NOON,
    folder,
    no_limits_of_other_tests,
    sign_up,
)
from tests.lost_database import lost_database

__all__ = ["folder", "no_limits_of_other_tests", "sign_up"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def press(link, at):
    payload = json.dumps({"token": tokens.digest(link)})
    Envelope.objects.create(kind="confirm", day=at.date(), payload=payload)


@pytest.fixture
def sweep(folder):
    def sweep(*times):
        for at in times:
            unattended.rotate(folder, at)
            tasks.sweep(at)

    return sweep


@pytest.mark.parametrize("pressed", [HOUR, 47 * HOUR], ids=["soon", "in the last hour"])
def test_the_desk_was_off(sign_up, sweep, pressed):
    press(sign_up(), NOON + pressed)

    sweep(NOON + 20 * DAY)

    assert Reader.objects.count() == 1
    assert not Envelope.objects.exists()


def test_letters_key_was_missing(sign_up, sweep, folder):
    press(sign_up(), NOON + HOUR)
    with missing(folder / "letters.key"):
        sweep(*(NOON + days * DAY for days in (1, 2, 3, 19)))
    assert not Reader.objects.exists()

    sweep(NOON + 20 * DAY)

    assert Reader.objects.count() == 1
    assert not Pending.objects.exists()


def test_the_counter_s_database_was_away(sign_up, sweep):
    press(sign_up(), NOON + HOUR)
    sign_up("nobody@example.org")
    with connections["counter"].execute_wrapper(away):
        for days in (1, 2, 4, 6):
            with pytest.raises(OperationalError):
                sweep(NOON + days * DAY)

    sweep(NOON + 6 * DAY)

    assert Reader.objects.count() == 1
    assert not Pending.objects.exists()


def test_nobody_s_address_waits_for_a_counter_for_longer_than_was_promised(sign_up, sweep):
    """We say: within about a week after the two days we delete it."""
    sign_up()
    with connections["counter"].execute_wrapper(away), pytest.raises(OperationalError):
        sweep(NOON + 8 * DAY)

    assert not Pending.objects.exists()


def test_a_link_that_is_pressed_too_late_does_nothing(sign_up, sweep):
    press(sign_up(), NOON + 3 * DAY)

    sweep(NOON + 3 * DAY)

    assert not Reader.objects.exists()
    assert not Pending.objects.exists()


def test_a_sign_up_that_nobody_confirms_is_forgotten_though_others_confirm(sign_up, sweep, folder):
    press(sign_up(), NOON + HOUR)
    sign_up("nobody@example.org")
    with missing(folder / "letters.key"):
        sweep(NOON + 49 * HOUR)

    assert Pending.objects.count() == 1


@contextmanager
def missing(path):
    elsewhere = path.rename(path.with_suffix(".away"))
    try:
        yield
    finally:
        elsewhere.rename(path)


def away(*_about):
    raise lost_database()
