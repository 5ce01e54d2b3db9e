"""The worker killed at named points of its letters, 300 times on each database: what is lost?

`lost` are letters that no reader got, and that wait nowhere; `repeated` those that came twice
although it was known that they had gone. Where only the relay knows it (the worker died between
the note that a letter leaves and the note that it left), one copy more is right, and only told.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench._rows import Row, row

ROOT = Path(__file__).parents[1]
DATABASES = ("sqlite", "postgresql")
KILLS, FEW = 300, 8


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` kills once at each point."""
    outcomes = [_kill(FEW if smoke else KILLS, kind) for kind in DATABASES]
    return [
        row("work_kills_lost", _sum(outcomes, "lost") + _sum(outcomes, "waiting"), "lost", 0),
        row("work_kills_repeated", _sum(outcomes, "repeated_outside"), "repeats", 0),
        row("work_kills_repeated_in_the_window", _sum(outcomes, "repeated"), "repeats"),
        row("work_kills", sum(sum(each["kills"].values()) for each in outcomes), "kills"),
        row("work_kills_each", min(min(each["kills"].values()) for each in outcomes), "kills"),
    ]


def _kill(kills: int, kind: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.work_kills", str(kills), kind]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


def _sum(outcomes: list[dict[str, Any]], what: str) -> int:
    return sum(len(each[what]) for each in outcomes)
