"""The keys that printed jobs used: in memory for a few, in a file for a hundred thousand."""

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from errno import ENOSPC
from tempfile import SpooledTemporaryFile
from weakref import finalize

from django.conf import settings

ROOM = 4 * 2**20  # bytes that are kept in memory
GAP = "\0"  # between two keys; no path and no text of the database holds it


class Dependencies(Mapping[str, tuple[str, ...]]):
    """Jobs, each with its keys, in the order in which they were noted.

    In memory remain a job's name and its place. A full build of a large archive notes millions of
    keys, a hundred megabytes of them, and looks at each once. The file has no name: it is gone with
    the process. It is written without a buffer, because a worker that is forked meanwhile has a
    copy of the buffer, and would write that once more when it ends.
    """

    def __init__(self, of: Mapping[str, Iterable[str]] | None = None) -> None:
        self._places: dict[str, int] = {}
        self._ends = array("q", [0])
        folder = os.fspath(settings.NEWSROOM.data)
        self._file = SpooledTemporaryFile(max_size=ROOM, buffering=0, dir=folder)  # noqa: SIM115  it lives as long as we
        finalize(self, self._file.close)
        for job, keys in (of or {}).items():
            self.note(job, keys)

    def note(self, job: str, keys: Iterable[str]) -> None:
        """Note what a job used; what was noted of it before no longer counts.

        Raises:
            OSError: the disk is full.
        """
        raw = GAP.join(keys).encode()
        self._file.seek(self._ends[-1])
        if self._file.write(raw) != len(raw):
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        self._places[job] = len(self._ends)
        self._ends.append(self._ends[-1] + len(raw))

    def __getitem__(self, job: str) -> tuple[str, ...]:
        """Return a job's keys.

        Raises:
            KeyError: nothing was noted of it.
        """
        place = self._places[job]
        begin, end = self._ends[place - 1], self._ends[place]
        self._file.seek(begin)
        raw = self._file.read(end - begin)
        return tuple(raw.decode().split(GAP)) if raw else ()

    def __contains__(self, job: object) -> bool:
        return job in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __reduce__(self) -> tuple[type["Dependencies"], tuple[dict[str, tuple[str, ...]]]]:
        """Go to another process by value."""
        return Dependencies, (dict(self),)
