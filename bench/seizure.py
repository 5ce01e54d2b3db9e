"""A newsroom is taken 49 hours after it was locked: who is found, and what can be joined?

The seizure drill (tests/drill) lets 250 people sign up, give, and ask for reminders; locks the desk
with letters on their way; copies everything 49 hours later,
and opens, guesses and joins all that it can.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = "python -m bench seizure"
Row = dict[str, Any]


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; none for `smoke`: tests/drill holds the short drill each time."""
    if smoke:
        return []
    command = [sys.executable, "-m", "tests.drill"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr[-2000:])
    said = json.loads(done.stdout)
    before, after = said["before"], said["after"]
    return [
        _row("seizure_addresses", after["opened"] + after["addresses"], "found", 0),
        _row("seizure_joins", after["joined"], "joins", 0),
        _row("seizure_older_than_promised", len(before["too_old"]), "found", 0),
        _row("seizure_younger_than_49_h", before["opened"], "found", None),
        _row("seizure_openings_tried", after["tried"]["openings"], "tries", None),
        _row("seizure_hashes_tried", after["tried"]["hashes"], "tries", None),
        _row("seizure_joins_tried", after["tried"]["joins"], "tries", None),
    ]


def _row(name: str, value: float, unit: str, limit: float | None) -> Row:
    met = None if limit is None else value <= limit
    named = {"name": name, "value": value, "unit": unit}
    return named | {"limit": limit, "met": met, "command": COMMAND}
