"""In a demonstration everything dates by the clock that can be moved, the CMS, too."""

import os
import subprocess
import sys

from tamizdat.site.founding.settings_file import Wanted, four_origins, text

MOVED = """
import sys
from datetime import timedelta
from pathlib import Path
from tamizdat.site.boot import boot
boot(Path(sys.argv[1]))
from django.utils import timezone
from tamizdat.lib import clock
clock.move(timedelta(days=40))
print(abs(timezone.now() - clock.now()) < timedelta(minutes=1))
"""


def test_the_cms_dates_by_the_moved_clock(tmp_path):
    wanted = Wanted(
        name="The Sheet",
        languages=("en",),
        addresses=four_origins("http://127.0.0.1:8000"),
        time_zone="UTC",
        demonstration=True,
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "tamizdat.toml").write_text(text(wanted), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if "TAMIZDAT" not in name}
    run = subprocess.run(
        [sys.executable, "-c", MOVED, str(tmp_path)],
        env={name: value for name, value in kept.items() if not name.startswith("DJANGO")},
        capture_output=True,
        check=True,
        text=True,
    )

    assert run.stdout.strip() == "True"
