"""The seizure drill in full, on both databases."""

import json
import subprocess
import sys

import pytest


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nobody_is_found_in_a_newsroom_that_was_locked_49_hours_ago(database):
    on = ["--postgresql"] if database == "postgresql" else []
    command = (sys.executable, "-m", "tests.drill", *on)

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:] or done.stderr[-3000:]
    assert json.loads(done.stdout)["people"] >= 250
