"""A leap of the machine's clock moves nothing until somebody has understood it."""

import ctypes
import json
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tamizdat.lib import alerts, clock, leaps
from tests.machine import Machine

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
SOON = timedelta(minutes=1)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def data(tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of the newsroom that this process belongs to, after a round of work."""
    monkeypatch.setenv("TAMIZDAT_NEWSROOM", str(tmp_path))
    (tmp_path / "data").mkdir()
    leaps.keep(tmp_path / "data")
    return tmp_path / "data"


def goes_by(moment: datetime) -> bool:
    """Say whether the newsroom goes by this time."""
    return abs(clock.now() - moment) < SOON


@pytest.mark.parametrize("by", [YEAR, -YEAR, 2 * HOUR, -2 * HOUR])
def test_the_newsroom_goes_on_by_the_time_before(
    data: Path, machine: Machine, by: timedelta
) -> None:
    machine.leap(by)
    leaps.keep(data)

    assert goes_by(datetime.now(UTC))
    (alert,) = alerts.standing(data)
    way = "ahead" if by > timedelta(0) else "back"
    assert alert.what.startswith(
        f"The machine's clock went {way} by {round(abs(by) / HOUR):,} hours."
    )


@pytest.mark.parametrize("by", [50 * SOON, -50 * SOON])
def test_a_clock_that_is_corrected_a_little_is_followed(
    data: Path, machine: Machine, by: timedelta
) -> None:
    machine.leap(by)
    leaps.keep(data)

    assert goes_by(machine.says())
    assert alerts.standing(data) == []


def test_a_clock_that_comes_back_is_followed_again(data: Path, machine: Machine) -> None:
    machine.leap(YEAR)
    leaps.keep(data)
    machine.leap(-YEAR + 10 * SOON)
    leaps.keep(data)

    assert goes_by(machine.says())
    assert alerts.standing(data) == []


def test_a_clock_that_was_wrong_before_can_be_accepted(data: Path, machine: Machine) -> None:
    machine.leap(YEAR)
    leaps.keep(data)
    leaps.accept(data)
    leaps.keep(data)

    assert goes_by(machine.says())
    assert alerts.standing(data) == []


def test_a_time_server_that_set_the_clock_is_believed(data: Path, machine: Machine) -> None:
    machine.leap(YEAR)
    leaps.keep(data)
    machine.has_time_server = True
    leaps.keep(data)

    assert goes_by(machine.says())
    assert alerts.standing(data) == []


@pytest.mark.parametrize("off", [2 * HOUR, 7 * DAY])
def test_a_machine_that_was_off_for_a_week_has_not_leapt(
    data: Path, machine: Machine, off: timedelta
) -> None:
    machine.restart(off)
    leaps.keep(data)

    assert goes_by(machine.says())
    assert alerts.standing(data) == []


@pytest.mark.parametrize("by", [9 * DAY, YEAR, -2 * HOUR, -YEAR])
def test_a_machine_that_starts_with_another_date_has(
    data: Path, machine: Machine, by: timedelta
) -> None:
    machine.restart()
    machine.leap(by)
    leaps.keep(data)

    assert goes_by(datetime.now(UTC))
    assert len(alerts.standing(data)) == 1


@pytest.mark.parametrize("torn", [b"", b"{", b"\xff", b"[]", b'{"boot": 1}', b"null"])
def test_a_reading_that_cannot_be_read_is_replaced(
    data: Path, machine: Machine, torn: bytes
) -> None:
    (data / leaps.FILE).write_bytes(torn)

    assert goes_by(machine.says())
    leaps.keep(data)
    assert json.loads((data / leaps.FILE).read_bytes())["boot"] == machine.read().boot


def test_where_nothing_can_be_written_work_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _minute in range(3):
        leaps.keep(tmp_path / "nowhere")
    assert [each.getMessage().partition(":")[0] for each in caplog.records] == [
        "The clock's reading could not be kept"
    ]


def test_a_leap_is_logged_once_while_it_lasts(
    data: Path, machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.leap(2 * HOUR)
    for _minute in range(3):
        leaps.keep(data)
        machine.passes(timedelta(minutes=1))

    (said,) = [each.getMessage() for each in caplog.records]
    assert "It is about 2 h 00 min ahead of what it should say." in said


def test_the_kernel_is_asked_whether_a_time_server_keeps_its_clock() -> None:
    """Behind `status` and three more words the kernel writes what its clock says: it lies right."""
    buffer = (ctypes.c_byte * 512)()
    state = ctypes.CDLL(None).adjtimex(buffer)
    word = ctypes.sizeof(ctypes.c_long)
    status, seconds = leaps._Timex.status.offset, 9 * word
    said = struct.unpack_from("i", buffer, status)[0]

    assert status == 5 * word
    assert abs(struct.unpack_from("l", buffer, seconds)[0] - time.time()) < 5
    assert leaps._is_synchronised() == (state >= 0 and not said & leaps.NOT_SYNCHRONISED)
