"""A full build beside wagtail-bakery's, of the same articles: pages a second on one core.

wagtail-bakery has a small Wagtail newsroom of its own (bench/peer/bakery) in an environment of its
own; it asks the same kind of database, inlines the same style, and gets its bodies finished.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench._archived import HANDFUL, unpublished
from bench._costs import measure
from bench._rows import Row, row
from bench.archive import wire

ROOT = Path(__file__).parents[1]
PEER = ROOT / "bench/peer/bakery"
HOME = ROOT / ".cache/bakery"
ARTICLES = 1_000
ONE_CORE = ("taskset", "-c", "0")


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` builds few articles."""
    wire.folder("reuters21578")
    python = _environment()
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as name:
        newsroom = unpublished(Path(name), HANDFUL if smoke else ARTICLES)
        site = Path(name) / "site"
        clean = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_NEWS")}
        _run((sys.executable, "-m", "bench.peer.stories", str(newsroom), str(site)), ROOT, clean)
        theirs = clean | {"NEWS_SITE": str(site)}
        _run((python, "manage.py", "migrate"), PEER, theirs)
        _run((python, "-m", "news.load"), PEER, theirs)
        bake = (*ONE_CORE, python, "manage.py", "build", "--skip-static", "--skip-media")
        baked = measure(bake, PEER, theirs).seconds
        build = ("-m", "tamizdat.site", "--newsroom", str(newsroom), "build", "--full")
        ours = measure((*ONE_CORE, sys.executable, *build), ROOT, clean).seconds
        speeds = _pages(newsroom / "edition/current") / ours, _pages(site / "public") / baked
    return [
        row("full_build_vs_bakery", speeds[0] / speeds[1], "times"),
        row("full_build_pages_s", speeds[0], "pages/s"),
        row("bakery_pages_s", speeds[1], "pages/s"),
    ]


def _environment() -> str:
    """Return the Python that has wagtail-bakery; made when it is not there."""
    python = HOME / "bin/python"
    wanted, has = (PEER / "requirements.txt").read_text(), HOME / "requirements.txt"
    if not has.exists() or has.read_text() != wanted:
        _run((sys.executable, "-m", "venv", "--clear", str(HOME)), ROOT, os.environ)
        pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
        _run((str(python), *pip, "-r", str(PEER / "requirements.txt")), ROOT, os.environ)
        has.write_text(wanted)
    return str(python)


def _run(command: tuple[str, ...], folder: Path, environment: Any) -> None:
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _pages(folder: Path) -> int:
    return sum(1 for _ in folder.resolve().rglob("*.html"))
