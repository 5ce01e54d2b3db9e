"""Publishing. `mark` what changed inside the transaction that changed it; `publish` prints it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.processes.stopping import check
from tamizdat.press.build import alerts
from tamizdat.press.build.publication import Publication
from tamizdat.press.models import Change, FailedJob, RerenderJob
from tamizdat.press.output.tree import Tree
from tamizdat.press.related.service import to_count_anew
from tamizdat.press.rerender import background
from tamizdat.press.rerender.runner import OnProgress, Rerendering

PATIENCE_S = 2.0
_held: ContextVar[int] = ContextVar("held", default=0)


@dataclass(frozen=True)
class Result:
    """What a publication did. `edition` is what to serve; files of the manifest are not counted.

    `failed` pages could not be printed; alerts say which and why.
    """

    edition: Path
    number: int
    written: int
    removed: int
    seconds: float
    failed: int = 0


def mark(key: str) -> None:
    """Note that something changed ("article:12"), to be printed with the next publication."""
    Change.objects.create(key=key)


def publish(
    *, full: bool = False, at: datetime | None = None, on_progress: OnProgress | None = None
) -> Result:
    """Publish and render again all that waits, and return when it is readable.

    Waits for another publisher to finish; what another process renders again is left to it. Where
    nothing that readers see has changed, the edition and its number stay as they are.

    Args:
        full: Print every page again, whatever the build state says.
        at: The time of the edition (UTC); now, if None.
        on_progress: Is told how many jobs are rendered again, and of how many.

    Raises:
        Stopped: this process was told to stop; what is left waits for the next publication.
    """
    started, newsroom = time.monotonic(), _newsroom()
    now = clock.now if at is None else lambda: at
    tree = Tree(newsroom.edition)
    written = removed = 0
    while True:
        with alerts.alert_on_failure(newsroom.data, now()):
            with tree.locked(wait=True):
                one = Publication(newsroom, tree, now())
                one.carry_out(full=full)
            rerendering = Rerendering(newsroom, now, on_progress)
            ours = rerendering.carry_out()
        written += one.written + rerendering.written
        removed += one.removed + rerendering.removed
        full = False
        check()
        if not Change.objects.exists() and not (ours and RerenderJob.objects.exists()):
            break
    seconds = time.monotonic() - started
    failed = FailedJob.objects.count()
    return Result(tree.current, tree.number, written, removed, round(seconds, 3), failed)


def publish_soon() -> bool:
    """Publish what editors wait for; say whether nothing of it waits now.

    What takes long is left to `work`, which is told. Another publisher is waited for as long as
    it takes a portion of stale pages in; it looks for changes once more after it has let go, so
    what it was too late to see does not wait for the next minute.
    """
    done = publish_waiting()
    background.wake_worker()
    return done


def publish_waiting(at: datetime | None = None) -> bool:
    """Publish what editors wait for, and tell nobody of what is left."""
    while Change.objects.filter(background=False).exists():
        check()
        if _held.get() or not _publish_once(at):
            return False
    return True


def publish_again(at: datetime) -> bool:
    """Publish what editors wait for, and try again what could not be printed or published.

    It counts words anew as well, for which nobody else may publish. Where nothing waits and nothing
    failed it does nothing.
    """
    newsroom = _newsroom()
    failed = FailedJob.objects.exists() or alerts.stands(newsroom.data)
    ours = not (failed or to_count_anew()) or _publish_once(at)
    done = ours and publish_waiting(at)
    alerts.tell_of_lock(newsroom.data, Tree(newsroom.edition), at, ours=done)
    return done


def _publish_once(at: datetime | None) -> bool:
    """Make one edition of what waits; False if another publisher is at it."""
    newsroom, now = _newsroom(), at or clock.now()
    tree = Tree(newsroom.edition)
    with (
        alerts.alert_on_failure(newsroom.data, now) as attempt,
        tree.locked(wait=False, patience=PATIENCE_S) as attempt.was_made,
    ):
        if attempt.was_made:
            Publication(newsroom, tree, now).carry_out(full=False, soon=True)
    return attempt.was_made


def _newsroom() -> Newsroom:
    from django.conf import settings

    newsroom: Newsroom = settings.NEWSROOM
    return newsroom


@contextmanager
def hold() -> Iterator[None]:
    """Publish once at the end, not after each of many changes: for imports."""
    token = _held.set(_held.get() + 1)
    try:
        yield
    finally:
        _held.reset(token)
    publish_soon()
