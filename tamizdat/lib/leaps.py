"""Leaps of the machine's clock: a wrong time must not delete, give up or send anything.

A clock can leap by a year: a battery is empty, a virtual machine wakes, somebody mistypes a
date. Each round of `work` keeps what the clock says beside a second clock that nobody can set:
the time since the machine started, with sleep (CLOCK_BOOTTIME). Where the two disagree by more
than an hour the newsroom goes on by the second one, until the leap is understood:

- the clock is back where it should be, or
- the kernel says that a time server has set it (`adjtimex`), or
- somebody who looked says that it is right (`tamizdat clock --accept`).

After a restart of the machine nobody knows how long it was off. Then only a clock that went
back, or ahead by more than `LONGEST_OFF`, is a leap.
"""

import ctypes
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tamizdat.lib import alerts
from tamizdat.lib.alerts import Alert
from tamizdat.lib.failures import where
from tamizdat.lib.replacing import replace

FILE = "clock.json"
ALERT = "clock"
TEN_MINUTES = timedelta(minutes=10)
LEAP = timedelta(hours=1)
LONGEST_OFF = timedelta(days=8)
DO = "Put the clock right. If it is right as it is now, run `tamizdat clock --accept`."
NOT_SYNCHRONISED = 0x0040  # STA_UNSYNC of adjtimex(2)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one moment: which start of the machine, seconds since it, seconds of Unix."""

    boot: str
    running: float
    wall: float


def read() -> Reading:
    """Return what the machine's clocks say now."""
    running = time.clock_gettime(time.CLOCK_BOOTTIME)
    return Reading(_boot(), running, time.time())


_unkept: set[Path] = set()  # the folders that took no reading the last time


def now(data: Path | None) -> datetime:
    """Return the present moment in UTC; while a leap is not understood, by the time before it.

    `data` is the newsroom's folder of that name, if there is one. Without a reading of an earlier
    round there is nothing to compare with, as on the machine of a counter.
    """
    reading = read()
    base = _kept(data) if data else None
    off = timedelta(0) if base is None else _correction(base, reading)
    return datetime.fromtimestamp(reading.wall, UTC) + off


def keep(data: Path) -> None:
    """Keep a reading, unless the clock leapt: then raise the alert. `work` calls it each round."""
    now, base = read(), _kept(data)
    off = timedelta(0) if base is None else _correction(base, now)
    if off:
        at = datetime.fromtimestamp(now.wall, UTC) + off
        alerts.raise_alert(data, Alert(ALERT, _what(off), _why(off), DO), at)
        return
    alerts.clear(data, ALERT)
    _write(data, now)


def accept(data: Path) -> None:
    """Take the machine's clock as it is: somebody looked, and it is right.

    Raises:
        OSError: the folder cannot be written.
    """
    _write_or_fail(data, read())
    alerts.clear(data, ALERT)


def _correction(base: Reading, now: Reading) -> timedelta:
    passed = now.running - base.running if now.boot == base.boot else now.running
    expected = base.wall + passed
    off = timedelta(seconds=expected - now.wall)  # above 0: the clock went back
    ahead = LEAP if now.boot == base.boot else LONGEST_OFF
    if -ahead <= off <= LEAP or _is_synchronised():
        return timedelta(0)
    return off


def _what(off: timedelta) -> str:
    way = "back" if off > timedelta(0) else "ahead"
    hours = round(abs(off) / timedelta(hours=1))
    return f"The machine's clock went {way} by {hours:,} hours. We go on by the time before that."


def _why(off: timedelta) -> str:
    """Say how far it is off, which stays the same while it lasts: so the log says it once."""
    hours, minutes = divmod(round(abs(off) / TEN_MINUTES) * 10, 60)
    way = "behind" if off > timedelta(0) else "ahead of"
    return f"It is about {hours} h {minutes:02} min {way} what it should say."


def _kept(data: Path) -> Reading | None:
    try:
        said = json.loads((data / FILE).read_bytes())
        return Reading(str(said["boot"]), float(said["running"]), float(said["wall"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(data: Path, reading: Reading) -> None:
    try:
        _write_or_fail(data, reading)
        _unkept.discard(data)
    except OSError as error:
        if data not in _unkept:  # a full disk is said once, not each minute
            alerts.logger.warning("The clock's reading could not be kept: %s", where(error))
        _unkept.add(data)


def _write_or_fail(data: Path, reading: Reading) -> None:
    said = {"boot": reading.boot, "running": reading.running, "wall": reading.wall}
    replace(data / FILE, json.dumps(said).encode())


def _boot() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


class _Timex(ctypes.Structure):
    """The beginning of `struct timex` of adjtimex(2); the rest is only room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def _is_synchronised() -> bool:
    """Return whether the kernel says that a time server keeps its clock.

    Setting the clock by hand takes that word back (adjtimex(2), STA_UNSYNC).
    """
    asked = _Timex()
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(asked))
    except (OSError, AttributeError):
        return False
    return bool(state >= 0 and not asked.status & NOT_SYNCHRONISED)
