"""A newsroom is taken 49 hours after it was locked: who is found, and what can be joined?

The seizure drill (tests/drill) lets 250 people sign up, give, and ask for reminders; locks the desk
with letters on their way; copies everything 49 hours later,
and opens, guesses and joins all that it can.
"""

import json
import subprocess
import sys
from pathlib import Path

from bench._rows import Row, row

ROOT = Path(__file__).parents[1]


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
        row("seizure_addresses", after["opened"] + after["addresses"], "found", 0),
        row("seizure_joins", after["joined"], "joins", 0),
        row("seizure_older_than_promised", len(before["too_old"]), "found", 0),
        row("seizure_younger_than_49_h", before["opened"], "found"),
        row("seizure_openings_tried", after["tried"]["openings"], "tries"),
        row("seizure_hashes_tried", after["tried"]["hashes"], "tries"),
        row("seizure_joins_tried", after["tried"]["joins"], "tries"),
    ]
