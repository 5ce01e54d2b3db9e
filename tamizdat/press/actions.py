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
from tamizdat.press.models import Change
from tamizdat.press.publication import Publication
from tamizdat.press.tree import Tree

_held: ContextVar[int] = ContextVar("held", default=0)


@dataclass(frozen=True)
class Result:
    """What a publication did. `edition` is what to serve; files of the manifest are not counted."""

    edition: Path
    number: int
    written: int
    removed: int
    seconds: float


def mark(key: str) -> None:
    """Note that something changed ("article:12"), to be printed with the next publication."""
    Change.objects.create(key=key)


def publish(*, full: bool = False, at: datetime | None = None) -> Result:
    """Publish all that waits, and return when it is readable.

    Waits for another publisher to finish. Where nothing that readers see has changed, the
    edition and its number stay as they are.

    Args:
        full: Print every page again, whatever the books say.
        at: The time of the edition (UTC); now, if None.
    """
    from django.conf import settings

    started = time.monotonic()
    newsroom: Newsroom = settings.NEWSROOM
    tree = Tree(newsroom.edition)
    written = removed = 0
    with tree.locked(wait=True):
        while True:
            one = Publication(newsroom, tree, at or clock.now())
            one.carry_out(full=full)
            written, removed, full = written + one.written, removed + one.removed, False
            if not Change.objects.exists():
                break
    seconds = time.monotonic() - started
    return Result(tree.current, tree.number, written, removed, round(seconds, 3))


def publish_soon() -> bool:
    """Publish what waits, unless another publisher is at it; say whether nothing waits now.

    A publisher looks for changes once more after it has let go, so what it was too late to see
    does not wait for the next minute.
    """
    from django.conf import settings

    newsroom: Newsroom = settings.NEWSROOM
    tree = Tree(newsroom.edition)
    while Change.objects.exists():
        if _held.get():
            return False
        with tree.locked(wait=False) as ours:
            if not ours:
                return False
            Publication(newsroom, tree, clock.now()).carry_out(full=False)
    return True


@contextmanager
def hold() -> Iterator[None]:
    """Publish once at the end, not after each of many changes: for imports."""
    token = _held.set(_held.get() + 1)
    try:
        yield
    finally:
        _held.reset(token)
    publish_soon()
