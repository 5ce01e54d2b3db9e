"""A newsroom with an archive, to measure in: made, or copied from one that was kept.

Set TAMIZDAT_BENCH_KEPT to a folder, and the archives that are made stay there for the next run.
A smoke run sets it: all that need an archive copy the same small one.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bench.archive import wire
from bench.archive.wire import MissingWireError

ROOT = Path(__file__).parents[1]
KEPT = "TAMIZDAT_BENCH_KEPT"
HANDFUL = 60  # articles of a smoke run


def newsroom(place: Path, articles: int) -> Path:
    """Return a newsroom's folder with so many articles, published, in a folder of the caller's."""
    folder = place / "newsroom"
    if KEPT not in os.environ:
        return _make(folder, articles)
    _copy(_kept_published(articles), folder)
    _build(folder)  # it lies elsewhere now: settle it
    return folder


def unpublished(place: Path, articles: int) -> Path:
    """Return a newsroom's folder with so many articles that have no edition yet."""
    folder = place / "unpublished"
    if KEPT not in os.environ:
        return _make(folder, articles, "--no-build")
    _copy(_kept_unpublished(articles), folder)
    return folder


def make_ready() -> None:
    """Make what a smoke run shares, where there is a newswire to make it from."""
    with suppress(MissingWireError):
        wire.folder("reuters21578")
        _kept_published(HANDFUL)


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


def _make(folder: Path, articles: int, *more: str) -> Path:
    run("-m", "bench.archive", str(folder), "--articles", str(articles), *more)
    return folder


def _build(folder: Path) -> None:
    run("-m", "tamizdat.site", "--newsroom", str(folder), "build")


def _kept_unpublished(articles: int) -> Path:
    return _kept(f"{articles}-unpublished", lambda made: _make(made, articles, "--no-build"))


def _kept_published(articles: int) -> Path:
    return _kept(str(articles), lambda made: _publish(made, articles))


def _publish(made: Path, articles: int) -> None:
    _copy(_kept_unpublished(articles), made)
    _build(made)


def _kept(name: str, make: Callable[[Path], object]) -> Path:
    """Return what is kept under a name. Who comes while another makes it waits for it."""
    kept = Path(os.environ[KEPT])
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = kept / name
        if not folder.exists():
            try:
                make(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
    return folder


def _copy(made: Path, folder: Path) -> None:
    # With hard links kept: the two trees of an edition share their files.
    subprocess.run(["cp", "-a", made, folder], check=True)
