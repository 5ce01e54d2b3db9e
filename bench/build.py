"""A full build beside Hugo's, of the same articles: its time and its memory.

Ours reads the database, cleans rich text, finds what is related, hashes every file and switches
editions. Hugo gets finished bodies; see bench/peer.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench._archived import HANDFUL, unpublished
from bench._costs import Cost, measure
from bench._rows import Row, row
from bench.archive import wire
from bench.peer import likeness

ROOT = Path(__file__).parents[1]
ARTICLES = 20_000
MANY = 100_000
RUNS = 3
AT_LEAST_FASTER = 3.0
MOST_MB = 500.0


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` builds few articles once and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        made = _beside_hugo(Path(place), HANDFUL if smoke else ARTICLES, 1 if smoke else RUNS)
    if smoke:
        return made
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        return [*made, _row_of_many(Path(place))]


def _beside_hugo(place: Path, articles: int, runs: int) -> list[Row]:
    """Build with both in turns, so that a noisy machine disturbs both alike."""
    if shutil.which("hugo") is None:
        raise FileNotFoundError("Hugo is missing: apt-get install --no-install-recommends hugo")
    wire.folder("reuters21578")
    newsroom, site = place / "newsroom", place / "site"
    made = unpublished(place, articles)
    _python("-m", "bench.peer.export", str(made), str(site))
    ours: list[Cost] = []
    hugos: list[Cost] = []
    simple: list[Cost] = []
    for _ in range(runs):
        shutil.rmtree(newsroom, ignore_errors=True)
        shutil.copytree(made, newsroom)
        ours.append(_build(newsroom))
        shutil.rmtree(place / "public", ignore_errors=True)
        hugo = ("hugo", "--quiet", "--destination", str(place / "public"))
        simple.append(measure(hugo, site, os.environ | {"HUGO_PARAMS_RELATED": "false"}))
        shutil.rmtree(place / "public")
        hugos.append(measure(hugo, site))
    one = likeness.ours(newsroom / "edition" / "current")
    other = likeness.hugos(place / "public")
    # Hugo looks at every article for what is related to one: this is what the rest costs it.
    unrelated = median(one.seconds for one in simple) / median(one.seconds for one in ours)
    said = row("full_build_vs_hugo_unrelated", unrelated, "times")
    return [*_rows_of_costs(ours, hugos), said, *_rows_of_likeness(one, other)]


def _row_of_many(place: Path) -> Row:
    worst = _build(unpublished(place, MANY)).mb
    return row("full_build_100k_mb", worst, "MB", MOST_MB)


def _build(newsroom: Path) -> Cost:
    build = ("-m", "tamizdat.site", "--newsroom", str(newsroom), "build", "--full")
    return _python(*build)


def _python(*arguments: str) -> Cost:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_NEWS")}
    return measure((sys.executable, *arguments), ROOT, environment)


def _rows_of_costs(ours: Sequence[Cost], hugos: Sequence[Cost]) -> list[Row]:
    """Return our costs beside Hugo's: how many times faster, and what share of the memory."""
    seconds = median(one.seconds for one in ours), median(one.seconds for one in hugos)
    mb = median(one.mb for one in ours), median(one.mb for one in hugos)
    faster, share = seconds[1] / seconds[0], mb[0] / mb[1]
    return [
        row("full_build_vs_hugo", faster, "times", least=AT_LEAST_FASTER),
        row("full_build_memory_vs_hugo", share, "times", 1),
        row("full_build_s", seconds[0], "s"),
        row("full_build_hugo_s", seconds[1], "s"),
        row("full_build_mb", mb[0], "MB"),
        row("full_build_hugo_mb", mb[1], "MB"),
    ]


def _rows_of_likeness(ours: likeness.Printing, hugos: likeness.Printing) -> list[Row]:
    """Return how alike the two printings are: without that their times say nothing."""
    files, sizes = ours.files / hugos.files, ours.bytes / hugos.bytes
    like = likeness.like(ours, hugos)
    return [
        row("full_build_files_vs_hugo", files, "times") | {"limit": 1, "met": like},
        row("full_build_bytes_vs_hugo", sizes, "times") | {"limit": 1, "met": like},
    ]
