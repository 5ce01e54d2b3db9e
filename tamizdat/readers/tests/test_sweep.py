"""The round of the readers' room: one step that fails holds up none of the others."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connections

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
