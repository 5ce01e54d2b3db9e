"""Cut what is long into what one query takes: SQLite takes no list of any length."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(every: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield everything in its order, in lists of so many; the last one may be shorter.

    Each is read when it is asked for. So do not change `every` between two of them.
    """
    rest = iter(every)
    while some := list(islice(rest, size)):
        yield some
