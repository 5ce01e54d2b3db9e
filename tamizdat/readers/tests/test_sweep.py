"""The round of the readers' room: one step that fails holds up none of the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connections

from tamizdat.lib import alerts
from tamizdat.readers import tasks
from tamizdat.readers.models import UnattendedCopy

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def away(*_about):
    raise OperationalError


@pytest.mark.django_db(databases=["default", "counter"])
def test_what_is_over_is_forgotten_though_the_counter_s_database_is_away():
    """For how long an address lies here was promised, whatever else is broken."""
    over = NOON - timedelta(hours=1)
    UnattendedCopy.objects.create(key="one", sealed=b"sealed", until=over)

    with (
        connections["counter"].execute_wrapper(away),
        pytest.raises(OperationalError),
    ):
        tasks.sweep(NOON)

    assert not UnattendedCopy.objects.exists()


@pytest.mark.django_db(databases=["default", "counter"])
def test_each_step_that_fails_is_told_though_another_one_failed_first(newsroom, monkeypatch):
    def broken(_at):
        raise LookupError

    collecting, expiring = tasks.STEPS[1:3]
    steps = [replace(each, work=broken) for each in (collecting, expiring)]
    monkeypatch.setattr(tasks, "STEPS", (tasks.STEPS[0], *steps, *tasks.STEPS[3:]))
    tasks.sweep(NOON)
    told = {alert.what for alert in alerts.standing(newsroom.data)}
    assert {collecting.what, expiring.what} <= told

    monkeypatch.undo()
    tasks.sweep(NOON)
    told = {alert.what for alert in alerts.standing(newsroom.data)}
    assert not {collecting.what, expiring.what} & told
