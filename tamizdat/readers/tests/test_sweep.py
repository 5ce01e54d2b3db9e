"""The round of the readers' room: one step that fails holds up none of the others."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connections

from tamizdat.lib import alerts
from tamizdat.readers import tasks
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.models import UnattendedCopy
from tamizdat.readers.submissions import collecting, registry
from tests.lost_database import lost_database

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def away(*_about):
    raise lost_database()


@pytest.mark.django_db(databases=["default", "counter"])
def test_a_submission_that_fails_waits_alone_and_an_alert_says_why(newsroom, monkeypatch):
    for kind in ("leave", "confirm", "leave", "nobody@example.org"):
        Envelope.objects.create(kind=kind, day=NOON.date(), payload='{"token": "%s"}' % ("0" * 64))
    monkeypatch.setitem(registry._handlers, "leave", lambda *_about: 1 / 0)
    collecting.collect(NOON)

    assert Counter(Envelope.objects.values_list("kind", flat=True)) == {
        "leave": 2, "nobody@example.org": 1,
    }  # fmt: skip
    told = {alert.key: alert for alert in alerts.standing(newsroom.data)}
    assert set(told) == {"submissions-leave", "submissions-unknown"}
    leaving = told["submissions-leave"]
    assert leaving.what == "What readers sent waits: 2 submissions of the kind “leave”."
    assert "ZeroDivisionError" in leaving.cause
    assert "example.org" not in str(told)

    monkeypatch.undo()
    Envelope.objects.filter(kind="nobody@example.org").delete()
    collecting.collect(NOON)
    assert not Envelope.objects.exists()
    assert alerts.standing(newsroom.data) == []


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
