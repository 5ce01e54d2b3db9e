"""A newsroom with an archive and an edition, to measure in: made, or copied from one that was kept.

Set TAMIZDAT_BENCH_KEPT to a folder, and the archives that are made stay there for the next run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def newsroom(place: Path, articles: int) -> Path:
    """Return a newsroom's folder with so many articles, published, in a folder of the caller's."""
    folder = place / "newsroom"
    kept = os.environ.get("TAMIZDAT_BENCH_KEPT")
    if kept is None:
        _make(folder, articles)
        return folder
    made = Path(kept) / str(articles)
    if not made.exists():
        _make(made, articles)
    # With hard links kept: the two trees of an edition share their files.
    subprocess.run(["cp", "-a", made, folder], check=True)
    run("-m", "tamizdat.site", "--newsroom", str(folder), "build")
    return folder


def run(*arguments: str) -> str:
    """Run Python with these arguments, in no newsroom, and return what it wrote.

    Raises:
        CalledProcessError: it failed, and has said why.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_NEWS")}
    done = subprocess.run(
        (sys.executable, *arguments),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout


def _make(folder: Path, articles: int) -> None:
    try:
        run("-m", "bench.archive", str(folder), "--articles", str(articles))
    except subprocess.CalledProcessError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
