"""Processes of the publisher's own: a large run is shared among the machine's cores.

Workers are forked, so they begin with what the publisher has read, and they hand back what they
found different; its bytes wait on the disk. They hold the publisher's lock as long as they live:
should it be killed, the next one waits until they are gone.

What reads very much and returns little, planning above all, is done in a process that ends with it
(`in_subprocess`): Python hands little of the memory back that it once had, and every worker would
begin with it.
"""

import gc
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import connections

from tamizdat.lib.processes.stopping import check
from tamizdat.lib.processes.worker_pool import shared_out
from tamizdat.press.build.render import Renderer, RenderResults
from tamizdat.press.pages import kinds
from tamizdat.press.pages.context import RenderContext
from tamizdat.press.pages.kinds import listing

# Kinds that ask nothing of what others printed.
APART = frozenset({"article", "list", "month", "shard"})
MANY = 1_000  # jobs from which on a second process is worth its start
PORTION = 100  # jobs that a worker prints at a time
LIFE = 40  # portions after which a worker goes, and with it all that it has come to remember
_LATER = 10  # niceness: a normal process gets about 90 % of a core that both want
LONG = {"shard": 2, "month": 20}  # kinds of which each job reads hundreds of articles
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Share:
    """What a worker hands back."""

    results: RenderResults
    modified: dict[str, datetime]
    placed: dict[str, set[str]]


def can_fork() -> bool:
    """Say whether this process may fork: of several threads only the one that forks lives on.

    What the others held would stay held.
    """
    return threading.active_count() == 1


def in_subprocess(work: Callable[[], T]) -> T:
    """Do something in a process of its own and return what it returns.

    Ask `can_fork` before. Whatever else it changes in memory is gone. Should this process be
    killed meanwhile, the other ends when it has nobody to tell, and with it the lock.

    Raises:
        Exception: what the work raised.
        WorkerDiedError: it ended without a word: killed, or out of memory.
    """
    connections.close_all()  # a connection that two processes share is broken in both
    with shared_out(lambda of: of(), [work], workers=1) as results:
        _, result = next(results)
    return result


def render_all(
    printer: Renderer, run: RenderContext, jobs: Iterable[str], *, background: bool = False
) -> None:
    """Print jobs, with all cores where there are many of them.

    A process with several threads prints them itself.

    Args:
        printer: Whose results they go into.
        run: What they are printed with.
        jobs: All of them.
        background: Nobody waits for them: the workers let others go first, above all an editor who
            publishes meanwhile.

    Raises:
        VanishedError: a job's subject is gone; plan anew.
        WorkerDiedError: a worker was killed, most often for want of memory.
        Stopped: this process was told to stop.
    """
    every = set(jobs)
    apart = [job for job in every if kinds.name_of(job) in APART]
    cores = len(os.sched_getaffinity(0))
    if len(apart) < MANY or cores == 1 or not can_fork():
        printer.print(run, every)
        return
    lists = [kinds.subject_of(job) for job in apart if kinds.name_of(job) == "list"]
    listing.foresee(run.repository, lists)
    _share_out(printer, run, sorted(apart, key=partial(_order, run)), cores, _LATER * background)
    printer.print(run, every.difference(apart))


def _order(run: RenderContext, job: str) -> tuple[int, float, str]:
    """Return what puts neighbours in time next to each other: they show the same articles."""
    rank, job = kinds.rank(job)
    kind, _, subject = job.partition(":")
    if kind == "list":
        return rank, listing.begun(run.repository.list_cache, subject), job
    return rank, len(job), job


def _share_out(
    printer: Renderer, run: RenderContext, jobs: list[str], cores: int, nice: int
) -> None:
    portions = _portions(jobs)
    connections.close_all()  # a connection that two processes share is broken in both
    gc.collect()
    gc.freeze()  # what the workers begin with stays shared: no collection writes on it
    begin = partial(_begin, nice)
    try:
        with shared_out(partial(_print, printer, run), portions, cores, begin, LIFE) as shares:
            for _, share in shares:  # asks the database nothing: a worker is forked meanwhile
                check()
                printer.results.merge(share.results)
                run.modified |= share.modified
                for place, paths in share.placed.items():
                    run.placed.setdefault(place, set()).update(paths)
    finally:
        gc.unfreeze()
    for place in run.placed:
        run.fragments.know(place)


def _portions(jobs: list[str]) -> list[list[str]]:
    """Cut jobs into portions of one kind each, the longest work first."""
    of: dict[str, list[str]] = {kind: [] for kind in LONG}
    for job in jobs:
        of.setdefault(kinds.name_of(job), []).append(job)
    return [
        some[start : start + length]
        for kind, some in of.items()
        for length in (LONG.get(kind, PORTION),)
        for start in range(0, len(some), length)
    ]


def _begin(nice: int) -> None:
    """Look for garbage among what is young only: a worker lives for minutes and keeps little.

    Looking through everything, again and again, is an eighth of the time of a page.
    """
    os.nice(nice)
    gc.set_threshold(10_000, 10, 1_000_000)


def _print(printer: Renderer, run: RenderContext, portion: list[str]) -> _Share:
    run.modified.clear()
    run.placed.clear()
    mine = replace(printer, results=RenderResults(), room=0)
    mine.print(run, portion)
    return _Share(mine.results, run.modified, run.placed)
