"""What a command costs: its time, and the memory of all its processes at the worst moment."""

import ctypes
import os
import platform
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1  # seconds
RESTS = 30  # times as long as it looks: to ask what a large process holds takes milliseconds
LONGEST = 0.4  # seconds of rest: or it would miss the worst moment
PAGE = os.sysconf("SC_PAGE_SIZE")
MB = 1_000_000
KCMP = {"x86_64": 312, "aarch64": 272}  # Linux: whether two processes share something
KCMP_VM = 1  # ... their memory
_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and megabytes; what processes share counts once."""

    seconds: float
    mb: float


def measure(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command in a folder and return what it cost.

    Raises:
        CalledProcessError: it failed; what it said is in the error.
    """
    started, worst = time.monotonic(), 0
    with (
        tempfile.TemporaryFile() as said,  # a pipe that nobody empties would stop it
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT
        ) as running,
    ):
        while running.poll() is None:
            looking = time.monotonic()
            worst = max(worst, sum(held(process) for process in family(running.pid)))
            rest = min(LONGEST, max(EVERY, RESTS * (time.monotonic() - looking)))
            with suppress(subprocess.TimeoutExpired):
                running.wait(rest)
        seconds = time.monotonic() - started
        if running.returncode:
            said.seek(0)
            raise subprocess.CalledProcessError(running.returncode, command, said.read())
    return Cost(seconds, worst / MB)


def family(process: int) -> Iterator[int]:
    """Yield a process and everything that it started, as far as it is still there.

    One that is just being started is left out: until it is a program of its own, it stands in the
    memory of who started it (`vfork`), which would count twice.
    """
    yield process
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [child for of in threads for child in (of / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        if not _in_one_memory(process, int(child)):
            yield from family(int(child))


def _in_one_memory(process: int, child: int) -> bool:
    number = KCMP.get(platform.machine())
    return number is not None and _libc.syscall(number, process, child, KCMP_VM, 0, 0) == 0


def held(process: int) -> int:
    """Return the bytes that a process holds: of what it shares with others its part (PSS)."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss: +(\d+) kB$", told, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
