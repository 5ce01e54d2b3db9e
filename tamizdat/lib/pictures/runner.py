"""Start the process that decodes a picture, one at a time, and read what it made.

The new process is a fresh interpreter with an empty environment, never a fork: the one that asks
may hold keys. It gets the picture's bytes and nothing else. Request and answer are files in
memory: no bytes that have not been cleaned reach a disk, and the kernel bounds the answer.
"""

import fcntl
import os
import select
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Literal

from tamizdat.lib.pictures import response
from tamizdat.lib.pictures.response import Made
from tamizdat.lib.pictures.values import TOO_MUCH, PictureError

Job = Literal["clean", "reopen", "renditions"]
PIECE = 2**20  # bytes of a file that are in the memory of this process at a time
PACKAGE = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "tamizdat.lib.pictures.process")
SECONDS: float = 60  # by the clock; its CPU seconds are bounded by the process itself
MOST_WAITING = 3  # files from outside, the one at work included: one thread of four stays free
BUSY = "Other pictures are being read at the moment. Wait half a minute and send it again."

_at_work = threading.Lock()
_waiting = threading.BoundedSemaphore(MOST_WAITING)


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait among the few that may wait; the next one is refused.

    Raises:
        PictureError: as many wait as may.
    """
    if not _waiting.acquire(blocking=False):
        raise PictureError(BUSY)
    try:
        yield
    finally:
        _waiting.release()


def run(job: Job, source: IO[bytes]) -> list[Made]:
    """Return what a process of its own made of a picture.

    Raises:
        PictureError: the file is refused, reading it took too much time or memory, or what came
            back is not what was asked for.
    """
    with _memory_file() as answer:
        with _alone(), _memory_file() as request:
            _write(request, job, source)
            code = _decode(request, answer)
        if code:
            raise PictureError(TOO_MUCH)
        answer.seek(0)
        return response.read(answer)


def _write(request: BinaryIO, job: Job, source: IO[bytes]) -> None:
    request.write(job.encode() + b"\n")
    source.seek(0)
    shutil.copyfileobj(source, request, PIECE)
    request.seek(0)


def _decode(request: BinaryIO, answer: BinaryIO) -> int:
    with subprocess.Popen(  # noqa: S603  our own module, no shell
        COMMAND, stdin=request, stdout=answer, stderr=subprocess.DEVNULL, cwd=PACKAGE, env={}
    ) as process:
        if not _has_ended(process.pid):
            process.kill()
        return process.wait()


def _has_ended(process: int) -> bool:
    """Wait for its end: without Popen's own looks every 50 ms, which are felt in each upload."""
    handle = os.pidfd_open(process)
    try:
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        return bool(waiting.poll(SECONDS * 1000))
    finally:
        os.close(handle)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold what only one thread of one process of this installation holds at a time.

    The machine's memory is one for the desk and an import beside it. The lock lies on a file
    that is there anyway, and the kernel takes it from a process that dies.
    """
    with _at_work, Path(__file__).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)  # at once, though a fork may have inherited the file


@contextmanager
def _memory_file() -> Iterator[BinaryIO]:
    with os.fdopen(os.memfd_create("picture"), "w+b") as file:
        yield file
