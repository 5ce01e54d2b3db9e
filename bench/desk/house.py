"""A newsroom that is served: `tamizdat serve`, with its worker, on four free ports."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from bench._costs import family
from tests.free_ports import free_ports

ROOT = Path(__file__).parents[2]
OPEN_WITHIN_S = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class House:
    """Where it is served, and its processes."""

    port: int
    process: int

    @property
    def edition(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    def cpu_s(self) -> float:
        """Return the seconds of CPU that all its processes have used, ended ones included."""
        return sum(_used(process) for process in family(self.process))


@contextmanager
def served(newsroom: Path) -> Iterator[House]:
    """Serve a newsroom in four roles and work for it, until the block ends."""
    port = free_ports(4)
    serve = ("-m", "tamizdat.site", "--newsroom", str(newsroom), "serve", "--port", str(port))
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_")}
    running = subprocess.Popen(
        (sys.executable, *serve), cwd=ROOT, env=kept, stdout=subprocess.DEVNULL
    )
    try:
        house = House(port, running.pid)
        _wait(running, house)
        yield house
    finally:
        running.terminate()
        running.wait(20)


def _wait(running: "subprocess.Popen[bytes]", house: House) -> None:
    until = time.monotonic() + OPEN_WITHIN_S
    while running.poll() is None and time.monotonic() < until:
        with suppress(requests.ConnectionError):
            requests.get(f"{house.desk}/account/login/", timeout=OPEN_WITHIN_S)
            requests.get(f"{house.edition}/", timeout=OPEN_WITHIN_S)
            return
        time.sleep(0.1)
    raise RuntimeError("the newsroom did not open")


def _used(process: int) -> float:
    try:
        said = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, said[11:15])) / TICKS  # its own, and that of children it has waited for
