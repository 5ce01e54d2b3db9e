"""Several processes print what one would have printed."""

import os
import subprocess
import sys
from pathlib import Path

from tamizdat.press.tests.test_crash import SETTINGS

ROOT = Path(__file__).parents[3]


def test_printed_side_by_side_it_is_the_same_edition(tmp_path, databases):
    (tmp_path / "tamizdat.toml").write_text(SETTINGS)
    for name in ("data", "media", "edition", "theme", "keys"):
        (tmp_path / name).mkdir()
    databases.of_its_own(tmp_path)

    run = subprocess.run(
        [sys.executable, "-m", "tests.side_by_side", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"TAMIZDAT_NEWSROOM": str(tmp_path), "TAMIZDAT_ROLE": "desk"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
