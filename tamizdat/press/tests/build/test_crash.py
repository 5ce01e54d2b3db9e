"""kill -9 in the middle of publishing: a few times here, a thousand times in tests/soak."""

import os
import random
import subprocess
import sys

from tests.in_a_newsroom import ROOT, lay_out


def kill_publishers(folder, rounds, databases):
    """Kill so many publishers in a newsroom of their own; fail with what was found."""
    lay_out(folder, databases)
    seed = random.SystemRandom().randrange(10**6)
    run = subprocess.run(
        [sys.executable, "-m", "tests.soak.killing_publisher", str(folder), str(rounds), str(seed)],
        cwd=ROOT,
        env=os.environ | {"TAMIZDAT_NEWSROOM": str(folder), "TAMIZDAT_ROLE": "desk"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]


def test_the_edition_survives_crashes(tmp_path, databases):
    kill_publishers(tmp_path, 4, databases)
