"""Kills in a newsroom of their own, on each database, and what came of them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DATABASES = ("sqlite", "postgresql")
KILLS = 300
Outcome = dict[str, Any]


def outcomes(module: str, kills: int) -> list[Outcome]:
    """Kill so many times on each database, as a module of the tests does it, and return both."""
    return [_run(module, kills, kind) for kind in DATABASES]


def total(outcomes: list[Outcome], *names: str) -> int:
    """Return how many there are under these names, in all outcomes together."""
    return sum(len(each[name]) for each in outcomes for name in names)


def fewest(outcomes: list[Outcome]) -> int:
    """Return how often the least visited point was killed at."""
    return min(int(many) for each in outcomes for many in each["kills"].values())


def all_kills(outcomes: list[Outcome]) -> int:
    """Return how many kills there were."""
    return sum(int(many) for each in outcomes for many in each["kills"].values())


def _run(module: str, kills: int, kind: str) -> Outcome:
    command = [sys.executable, "-m", module, str(kills), kind]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    outcome: Outcome = json.loads(done.stdout)
    return outcome
