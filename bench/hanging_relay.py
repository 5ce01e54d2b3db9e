"""Does publishing notice a mail relay that hangs while 10,000 letters wait?

Two newsrooms that are alike, each with its `tamizdat work`. In one 10,000 letters wait, and its
relay takes a letter and never says that it has it. In the other no letter waits. Articles are
published in both in turns; compared is the 95th percentile of the seconds until readers have them.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from bench._rows import Row, row
from bench.scale import percentile
from tests.bad_relay import HANG, BadRelay, Fault
from tests.in_a_newsroom import FOLDERS, SETTINGS

LETTERS = 10_000
TIMES, FEW = 120, 2
WARM = 3  # publications that are not counted
MOST = 1.1
PATIENCE_S = 120
HANGS_S = 3_600


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` publishes a few times beside 1,000 letters."""
    times, letters = (FEW, LETTERS // 10) if smoke else (TIMES, LETTERS)
    relay = BadRelay((Fault("end", HANG),), hangs_s=HANGS_S)
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place, ExitStack() as stack:
        stack.enter_context(relay)
        hanging = stack.enter_context(_newsroom(Path(place) / "hanging", letters, relay.address))
        idle = stack.enter_context(_newsroom(Path(place) / "idle", 0, "mailbox"))
        _wait(lambda: "DATA" in relay.commands)
        spent = _in_turns(hanging, idle, times)
        assert relay.letters == [], "the relay did not hang"
    beside, alone = (percentile(each[WARM:]) for each in spent)
    return [
        row("publish_hanging_relay_vs_idle", beside / alone, "x", MOST),
        row("publish_hanging_relay_p95_s", beside, "s"),
        row("publish_idle_p95_s", alone, "s"),
    ]


def _in_turns(
    first: Callable[[], float], second: Callable[[], float], times: int
) -> tuple[list[float], list[float]]:
    """Publish in both so many times, each of them as often first as second."""
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(WARM + times):
        order = ((spent[0], first), (spent[1], second))
        for kept, publish in order if number % 2 else reversed(order):
            kept.append(publish())
    return spent


@contextmanager
def _newsroom(folder: Path, letters: int, send: str) -> Iterator[Callable[[], float]]:
    """Make a newsroom that is at work, and give what publishes one article in it."""
    for name in ("", *FOLDERS):
        (folder / name).mkdir()
    mail = f'[mail]\nsend = "{send}"\nfrom_name = "The Sheet"\nfrom_address = "us@example.org"\n'
    (folder / "tamizdat.toml").write_text(f"{SETTINGS}\n{mail}", encoding="utf-8")
    publisher = _begin("-m", "bench._publisher", str(folder), str(letters))
    with _ended(publisher):
        assert _line(publisher.stdout) == "ready"
        with _ended(_begin("-m", "tamizdat.site", "--newsroom", str(folder), "work")):
            _wait((folder / "data" / "work.sock").exists)
            yield lambda: _publish(publisher)


def _publish(publisher: "subprocess.Popen[str]") -> float:
    assert publisher.stdin is not None
    publisher.stdin.write("publish\n")
    publisher.stdin.flush()
    return float(_line(publisher.stdout))


def _line(said: IO[str] | None) -> str:
    assert said is not None
    return said.readline().strip()


def _begin(*arguments: str) -> "subprocess.Popen[str]":
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_")}
    return subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.communicate()


def _wait(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happened():
        if time.monotonic() > until:
            raise TimeoutError("nothing happened")
        time.sleep(0.1)
