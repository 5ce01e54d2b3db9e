"""Of many rows one that fails waits alone, and one alert tells of all that wait."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from tamizdat.lib.alerts import Alert, standing
from tamizdat.lib.each_alone import EachAlone

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
WAITING = Alert("letters-wait", "{failed} letters wait.", "", "Wait.")


def test_all_others_are_tried_and_the_first_cause_is_told(tmp_path: Path) -> None:
    each, done = EachAlone(), []
    for row in (1, 0, 2, 0, "anna@example.org"):
        with each.one(row):
            done.append(1 // row)  # type: ignore[operator]
    each.tell(tmp_path, WAITING, AT)

    assert done == [1, 0]
    (alert,) = standing(tmp_path)
    assert alert.what == "2 letters wait.", "a row that fails twice is one"
    assert alert.cause.startswith("builtins.ZeroDivisionError at ")
    assert "anna" not in str(alert)

    EachAlone().tell(tmp_path, WAITING, AT)
    assert standing(tmp_path) == []


def test_a_lost_database_is_no_fault_of_a_row() -> None:
    each = EachAlone()
    with pytest.raises(psycopg.OperationalError), each.one(1):
        raise psycopg.OperationalError("the connection is lost")
    with each.one(1):
        raise psycopg.errors.QueryCanceled("it took too long")

    assert each.failed == 1
