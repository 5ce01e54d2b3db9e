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

from bench._rows import Row, row
from tests.in_a_newsroom import FOLDERS, SETTINGS

ROOT = Path(__file__).parents[1]
KILLS, FEW = 1_000, 1


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` kills few and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        said, failed = _kill(Path(place), FEW if smoke else KILLS)
    killed = re.search(r"(\d+) killed", said)
    fetched = re.search(r"fetched (\d+) files", said)
    if failed:
        print(said, file=sys.stderr)
    return [
        row("publish_kills_torn", int(failed), "faults", 0),
        row("publish_kills", int(killed[1]) if killed else 0, "kills"),
        row("publish_kills_fetched", int(fetched[1]) if fetched else 0, "files"),
    ]


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
