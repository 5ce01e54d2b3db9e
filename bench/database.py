"""A newsroom loses its PostgreSQL server: is anything lost, and how soon is each role back?

The server is killed (`pg_ctl stop -m immediate`) 330 times at named points of sign-ups,
letters and charges (tests/losing.py). Then it is killed and stopped (SIGSTOP) under a newsroom that
is served as in production, is away for a while, and comes back (tests/database_recovery.py).
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = "python -m bench database"
KILLS, FEW = 330, 2  # thirty at each point
AWAY_S, SHORT_S = 20.0, 3.0
MOST_S = 10.0
Row = dict[str, Any]


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` kills few and judges nothing."""
    kills = _run("tests.database_kills", str(FEW if smoke else KILLS))
    recovery = _run("tests.database_recovery", str(SHORT_S if smoke else AWAY_S))
    lost = len(kills["lost"]) + len(kills["failed"])
    made = [
        _row("database_kills_lost", lost, "lost", 0),
        _row("database_kills_repeated", len(kills["repeated"]), "repeats", None),
        _row("database_kills", sum(kills["kills"].values()), "kills", None),
        _row("database_kills_each", min(kills["kills"].values()), "kills", None),
    ]
    for role in recovery["killed"]:
        slowest = max(recovery[way][role] for way in ("killed", "stopped"))
        made.append(_row(f"recovery_s_{role}", slowest, "s", MOST_S))
    return [row | {"met": None} for row in made] if smoke else made


def _run(module: str, argument: str) -> Any:
    command = [sys.executable, "-m", module, argument]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def _row(name: str, value: float, unit: str, limit: float | None) -> Row:
    met = None if limit is None else value <= limit
    named = {"name": name, "value": value, "unit": unit}
    return named | {"limit": limit, "met": met, "command": COMMAND}
