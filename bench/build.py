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
from typing import Any

from bench._archived import HANDFUL, unpublished
from bench._costs import Cost, measure
from bench.archive import wire
from bench.peer import likeness

ROOT = Path(__file__).parents[1]
COMMAND = "python -m bench build"
ARTICLES = 20_000
MANY = 100_000
RUNS = 3
AT_LEAST_FASTER = 3.0
MOST_MB = 500.0
Row = dict[str, Any]


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` builds few articles once and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        made = _beside_hugo(Path(place), HANDFUL if smoke else ARTICLES, 1 if smoke else RUNS)
    if smoke:
        return [row | {"met": None} for row in made]
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
    said = _row("full_build_vs_hugo_unrelated", unrelated, "times", None, met=None)
    return [*_rows_of_costs(ours, hugos), said, *_rows_of_likeness(one, other)]


def _row_of_many(place: Path) -> Row:
    worst = _build(unpublished(place, MANY)).mb
    return _row("full_build_100k_mb", worst, "MB", MOST_MB, met=worst <= MOST_MB)


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
    least = AT_LEAST_FASTER
    return [
        _row("full_build_vs_hugo", faster, "times", least, met=faster >= least),
        _row("full_build_memory_vs_hugo", share, "times", 1, met=share < 1),
        _row("full_build_s", seconds[0], "s", None, met=None),
        _row("full_build_hugo_s", seconds[1], "s", None, met=None),
        _row("full_build_mb", mb[0], "MB", None, met=None),
        _row("full_build_hugo_mb", mb[1], "MB", None, met=None),
    ]


def _rows_of_likeness(ours: likeness.Printing, hugos: likeness.Printing) -> list[Row]:
    """Return how alike the two printings are: without that their times say nothing."""
    files, sizes = ours.files / hugos.files, ours.bytes / hugos.bytes
    like = likeness.like(ours, hugos)
    return [
        _row("full_build_files_vs_hugo", files, "times", 1, met=like),
        _row("full_build_bytes_vs_hugo", sizes, "times", 1, met=like),
    ]


def _row(name: str, value: float, unit: str, limit: float | None, *, met: bool | None) -> Row:
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "limit": limit,
        "met": met,
        "command": COMMAND,
    }
