"""Run a WSGI application for one request, from its start to its end, in one thread."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tamizdat.site.entry.limits import IN_MEMORY

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application said. A long one has no `body` but an open file, `descriptor`."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    descriptor: int | None = None


def answer(application: Application, environ: dict[str, Any], folder: Path) -> Answer:
    """Return the whole answer.

    It is taken out and closed in the thread that made it: Django's database connections belong to
    that thread, and Django gives them back when the answer is closed. Who reads slowly holds
    none of our threads.
    """
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        head[:] = [int(status[:3]), [(name.lower(), value) for name, value in headers]]

    chunks = application(environ, start)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(folder)) as whole:
        try:
            whole.writelines(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return _answer(head[0], head[1], whole)


def _answer(status: int, headers: list[tuple[str, str]], whole: IO[bytes]) -> Answer:
    length = whole.tell()
    whole.seek(0)
    if length <= IN_MEMORY:
        return Answer(status, headers, whole.read())
    headers = [(name, value) for name, value in headers if name != "content-length"]
    return Answer(status, [*headers, ("content-length", str(length))], b"", os.dup(whole.fileno()))
