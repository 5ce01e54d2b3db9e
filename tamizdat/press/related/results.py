"""What the numpy job found, read from its files by a process that has no numpy."""

import subprocess
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import BinaryIO

from tamizdat.lib.processes import environment
from tamizdat.lib.processes.parent_death import tied
from tamizdat.lib.processes.worker_pool import WorkerDiedError
from tamizdat.press.related.exchange import WORKER_DIED
from tamizdat.press.related.similarity import RANKED, RankedIds

RANKING = Struct(f"<qd{RANKED}q")
POSTING = 8  # bytes


def run_job(folder: Path) -> None:
    """Relate the articles that were counted in a folder; the findings lie there afterwards.

    Raises:
        CalledProcessError: it failed. What it said went to our own standard error.
        WorkerDiedError: it or a worker of its own was killed, most often for want of memory.
    """
    here = environment.of("ranking")
    command = [sys.executable, "-m", "tamizdat.press.related.numpy_job", str(folder)]
    done = subprocess.run(tied(command), check=False, env=here)  # noqa: S603  our own module
    if done.returncode < 0 or done.returncode == WORKER_DIED:
        raise WorkerDiedError(min(done.returncode, 0) or None)
    done.check_returncode()


def prefixes(folder: Path) -> Iterator[tuple[int, int, bytes]]:
    """Yield each term, how many articles have it, and its newest postings."""
    lengths = _numbers(folder / "prefixes.lengths", "H")
    terms = _numbers(folder / "prefixes.terms", "I")
    with (folder / "prefixes.postings").open("rb") as file:
        for term, article_count, length in zip(
            terms, _numbers(folder / "prefixes.article_counts", "I"), lengths, strict=True
        ):
            yield term, article_count, file.read(length * POSTING)


def vectors(folder: Path) -> Iterator[bytes]:
    """Yield each article's vector, packed, in the order in which they were counted."""
    with (folder / "vectors.packed").open("rb") as file:
        for length in _numbers(folder / "vectors.lengths", "H"):
            yield file.read(length)


def ranked(folder: Path) -> Iterator[tuple[int, RankedIds]]:
    """Yield each wanted article's number and what is nearest to it, in the order of counting."""
    with (folder / "ranked").open("rb") as file:
        for raw in _pieces(file, RANKING.size):
            number, score_threshold, *others = RANKING.unpack(raw)
            yield number, RankedIds([other for other in others if other], score_threshold)


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece


def _numbers(path: Path, code: str) -> "array[int]":
    return array(code, path.read_bytes())
