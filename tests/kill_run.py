"""Run kills in a newsroom of their own, outside of a test run, and print what came of them."""

import json
import random
import sys
import tempfile
from pathlib import Path

from tests import without_pytest


def run(kill, times, kind):
    """Kill so many times on "sqlite" or "postgresql", as `tests.work_kills.kill` does it."""
    without_pytest.begin()
    from tests.databases import OnPostgresql, OnSqlite

    databases = {"sqlite": OnSqlite, "postgresql": OnPostgresql}[kind]()
    if kind == "postgresql":
        databases.provide()
    try:
        with tempfile.TemporaryDirectory(prefix="tz-kills-") as place:
            outcome = kill(Path(place) / "sheet", databases, times, random.Random(times))
    finally:
        databases.remove()
    sys.stdout.write(json.dumps(outcome))
