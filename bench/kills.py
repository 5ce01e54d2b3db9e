"""A thousand publishers killed in the middle, while somebody reads: is anything torn?

The same as `make soak` does: editing and re-rendering processes die by signal 9 at random moments;
after each death the edition is compared with its manifest and its books and all its links are
followed; a reader fetches over HTTP all the while.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.in_a_newsroom import FOLDERS, SETTINGS

ROOT = Path(__file__).parents[1]
COMMAND = "python -m bench kills"
KILLS, FEW = 1_000, 1
Row = dict[str, Any]


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` kills few and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        said, failed = _kill(Path(place), FEW if smoke else KILLS)
    killed = re.search(r"(\d+) killed", said)
    fetched = re.search(r"fetched (\d+) files", said)
    if failed:
        print(said, file=sys.stderr)
    made = [
        _row("publish_kills_torn", int(failed), "faults", 0, met=not failed),
        _row("publish_kills", int(killed[1]) if killed else 0, "kills", None, met=None),
        _row("publish_kills_fetched", int(fetched[1]) if fetched else 0, "files", None, met=None),
    ]
    return [row | {"met": None} for row in made] if smoke else made


def _kill(folder: Path, kills: int) -> tuple[str, bool]:
    """Kill so many in a newsroom of their own; return what was said and whether it was a fault."""
    (folder / "tamizdat.toml").write_text(SETTINGS)
    for name in FOLDERS:
        (folder / name).mkdir()
    environment = os.environ | {"TAMIZDAT_NEWSROOM": str(folder), "TAMIZDAT_ROLE": "desk"}
    code = (
        "from pathlib import Path; from tamizdat.site.boot import boot;"
        " from tests.databases import OnSqlite;"
        f" newsroom = boot(Path({str(folder)!r})); OnSqlite().of_its_own(newsroom.folder)"
    )
    subprocess.run((sys.executable, "-c", code), cwd=ROOT, env=environment, check=True)
    done = subprocess.run(
        (sys.executable, "-m", "tests.soak.killing_publisher", str(folder), str(kills), "1"),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout, done.returncode != 0


def _row(name: str, value: float, unit: str, limit: float | None, *, met: bool | None) -> Row:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "limit": limit,
        "met": met,
        "command": COMMAND,
    }
