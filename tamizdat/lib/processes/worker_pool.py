"""A pool of forked workers that ends when one of them is killed, instead of waiting for ever.

`multiprocessing.Pool` starts another worker in the place of one that was killed, out of memory most
often, and never returns the item that it was at. Here whoever waits is told at once, and no
worker outlives the work: they inherit open files, and with them the locks of whoever forked.

Fork only where there is one thread: what other threads held would stay held in the workers.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any, Generic, TypeVar, cast

from tamizdat.lib.failures import note_places, where
from tamizdat.lib.processes.parent_death import end_with_parent

T = TypeVar("T")
R = TypeVar("R")


class WorkerDiedError(ChildProcessError):
    """A worker ended without a word: it was killed, or the machine was out of memory."""

    def __init__(self, exit_code: int | None = None) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code

    def __str__(self) -> str:
        """Say how it ended."""
        if self.exit_code is not None and self.exit_code < 0:
            told = f"a worker process was killed by signal {-self.exit_code}"
            return f"{told}; the memory of this machine may be too small"
        return "a worker process ended before its work"


@dataclass(slots=True)
class _Worker:
    """A worker as its pool sees it; `at` is the number of the item that it has."""

    process: ForkProcess
    end: Connection
    at: int = 0
    taken: int = 0


@contextmanager
def shared_out(
    work: Callable[[T], R],
    items: Sequence[T],
    workers: int,
    begin: Callable[[], object] | None = None,
    life: int | None = None,
) -> "Iterator[Iterator[tuple[int, R]]]":
    """Share items out among workers; yields what yields each item's number and its result.

    Results come as they are done. Work and items reach the workers by the fork, so they may be
    anything; results and errors are pickled. When the block ends, no worker lives.

    Args:
        work: What to do with an item.
        items: All of them.
        workers: At most so many at a time.
        begin: What each worker does first.
        life: So many items and a worker goes, with all that it has come to remember.

    Raises:
        Exception: what the work raised; `failures.where` still knows where.
        WorkerDiedError: a worker was killed.
    """
    pool = _Pool(work, items, begin, life)
    try:
        yield pool.results(workers)
    finally:
        pool.end()


def in_order(results: Iterator[tuple[int, R]]) -> Iterator[R]:
    """Yield results in the order of their items."""
    waiting: dict[int, R] = {}
    wanted = 0
    for at, result in results:
        waiting[at] = result
        while wanted in waiting:
            yield waiting.pop(wanted)
            wanted += 1


class _Pool(Generic[T, R]):
    def __init__(
        self,
        work: Callable[[T], R],
        items: Sequence[T],
        begin: Callable[[], object] | None,
        life: int | None,
    ) -> None:
        self._work, self._items, self._begin, self._life = work, items, begin, life
        self._workers: list[_Worker] = []
        self._context = multiprocessing.get_context("fork")
        self._next = 0

    def results(self, workers: int) -> Iterator[tuple[int, R]]:
        """Yield each item's number and result."""
        for _ in range(min(workers, len(self._items))):
            self._give(self._start())
        while self._workers:
            ready = set(wait([worker.end for worker in self._workers]))
            for worker in [one for one in self._workers if one.end in ready]:
                at, result = worker.at, self._hear(worker)
                self._go_on(worker)
                yield at, result

    def end(self) -> None:
        """Kill the workers that live: they only print and count, and leave nothing half done."""
        for worker in self._workers:
            worker.process.kill()
        for worker in list(self._workers):
            self._dismiss(worker)

    def _start(self) -> _Worker:
        here, there = self._context.Pipe()
        ours = [here, *(worker.end for worker in self._workers)]
        process = self._context.Process(target=self._serve, args=(there, ours))
        worker = _Worker(process, here)
        process.start()
        self._workers.append(worker)
        there.close()
        return worker

    def _give(self, worker: _Worker) -> None:
        worker.at, self._next = self._next, self._next + 1
        worker.taken += 1
        with suppress(BrokenPipeError):  # it was killed: whoever hears of it says so
            worker.end.send(worker.at)

    def _hear(self, worker: _Worker) -> R:
        try:
            done, said = worker.end.recv()
        except (EOFError, OSError):
            worker.process.join()
            raise WorkerDiedError(worker.process.exitcode) from None
        if not done:
            raise cast("Exception", said)
        return cast("R", said)

    def _go_on(self, worker: _Worker) -> None:
        """Give a worker its next item, or another one in its place; nobody where none is left."""
        left = self._next < len(self._items)
        if left and worker.taken != self._life:
            self._give(worker)
            return
        self._dismiss(worker)
        if left:
            self._give(self._start())

    def _dismiss(self, worker: _Worker) -> None:
        worker.end.close()  # before it is waited for: it may be telling us still
        worker.process.join()
        worker.process.close()
        self._workers.remove(worker)

    def _serve(self, end: Connection, theirs: list[Connection]) -> None:
        """Work, in a worker, until nobody is there to give or to be told."""
        end_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever forked it is told, and ends it
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for other in theirs:
            other.close()  # or it would wait for itself when nobody else is there
        if self._begin:
            self._begin()
        with suppress(EOFError, OSError):
            while True:
                _tell(end, self._done(end.recv()))

    def _done(self, at: int) -> tuple[bool, Any]:
        try:
            return True, self._work(self._items[at])
        except Exception as error:  # noqa: BLE001  whatever it is, it is the parent's to handle
            note_places(error)
            return False, error


def _tell(end: Connection, said: tuple[bool, Any]) -> None:
    try:
        raw = ForkingPickler.dumps(said)
        if not said[0]:
            ForkingPickler.loads(raw)
    except Exception as error:  # noqa: BLE001  pickling runs code of whatever it meets
        raw = ForkingPickler.dumps((False, _unspeakable(said, error)))
    end.send_bytes(raw)


def _unspeakable(said: tuple[bool, Any], error: Exception) -> RuntimeError:
    """Return what stands for an error or a result that cannot be handed over."""
    about = where(said[1]) if isinstance(said[1], BaseException) else where(error)
    return RuntimeError(f"a worker process could not hand over what it met: {about}")
