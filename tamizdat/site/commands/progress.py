"""Long work on the terminal: a bar with rate and time left, plain lines where nobody watches."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from tamizdat.press.rerender.progress import left_of

EVERY_S = 10.0  # between two plain lines
LONG_S = 90  # from which on minutes are said
WIDTH = 30  # characters of a bar
Told = Callable[[int, int], None]


@contextmanager
def bar(*, shown: bool) -> Iterator[Told | None]:
    """Yield what is to be told how many pages are done, and of how many; None if not `shown`.

    It writes to the standard error, so that what a program reads stays as it is.
    """
    if not shown:
        yield None
        return
    line = Line(watched=sys.stderr.isatty())
    yield line.tell
    line.end()


class Line:
    """One line of progress."""

    def __init__(self, *, watched: bool) -> None:
        self._watched, self._begun, self._said = watched, time.monotonic(), 0.0
        self._before: int | None = None  # done by somebody else

    def tell(self, done: int, total: int) -> None:
        """Show how far the work is."""
        now = time.monotonic()
        if self._before is None:
            self._before, self._begun = done, now
        if not self._watched and done < total and now - self._said < EVERY_S:
            return
        self._said = now
        said = sentence(done, total, done - self._before, now - self._begun)
        click.echo(
            f"\r\033[K{drawn(done, total)} {said}" if self._watched else said,
            err=True,
            nl=not self._watched,
        )

    def end(self) -> None:
        """Leave the line as it stands."""
        if self._watched and self._before is not None:
            click.echo(err=True)


def sentence(done: int, total: int, ours: int, seconds: float) -> str:
    """Return "12,400 of 96,000 pages rendered again, 320 a second, 4 min left"."""
    said = f"{done:,} of {total:,} pages rendered again"
    left = left_of(ours, total - done, seconds)
    if left is None or done == total:
        return said
    return f"{said}, {ours / seconds:,.0f} a second, {_time(left)} left"


def drawn(done: int, total: int) -> str:
    """Return the bar."""
    full = WIDTH * done // max(1, total)
    return "█" * full + "░" * (WIDTH - full)


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= LONG_S else f"{seconds:.0f} s"
