"""Receive a request's body completely, or refuse it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, Protocol

from tamizdat.lib.numbers import whole
from tamizdat.site.entry.limits import IN_MEMORY, Limits

LARGEST = 10**18 - 1  # bytes: no length is larger


class Head(Protocol):
    """The headers of a request, by their lower-case names."""

    def get(self, name: str, /) -> str | None:
        """Return a header's value, None if it was not sent."""


class RefusedError(Exception):
    """This request is not answered by Django. It carries the status and nothing of the request."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(slots=True)
class _Arrival:
    """How long a body is, and how many of its bytes are there. The sum of those is held."""

    length: int
    received: int = 0


class Receiver:
    """Receives the bodies of one role and knows how many bytes it holds.

    What is only announced takes no room: else a few senders who announce much and send little
    would refuse everybody else.
    """

    def __init__(self, limits: Limits, folder: Path) -> None:
        self._limits = limits
        self._folder = folder
        self._held = 0

    @asynccontextmanager
    async def receive(self, headers: Head, chunks: Any) -> AsyncIterator[IO[bytes]]:
        """Yield the whole body, ready to be read. Long ones lie in a file without a name.

        Raises:
            RefusedError: its length is missing, is no number, or is more than may be; there is no
                room for it; it came too slowly, or its sender went away before its end.
        """
        arrival = _Arrival(_length(headers))
        if arrival.length > self._limits.body:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(self._folder)) as body:
            try:
                await self._fill(body, chunks, arrival)
                body.seek(0)
                yield body
            finally:
                self._held -= arrival.received

    async def _fill(self, body: IO[bytes], chunks: Any, arrival: _Arrival) -> None:
        limits, begun = self._limits, asyncio.get_running_loop().time()
        if not arrival.length:
            return
        try:
            async with asyncio.timeout(limits.grace_s) as patience:
                async for chunk in chunks:
                    self._make_room(len(chunk), arrival)
                    body.write(chunk)
                    earned = arrival.received / limits.rate
                    patience.reschedule(begun + limits.grace_s + earned)
        except TimeoutError:
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT) from None
        if arrival.received != arrival.length:  # granian ends a broken body as it ends a whole one
            raise RefusedError(HTTPStatus.BAD_REQUEST)

    def _make_room(self, more: int, arrival: _Arrival) -> None:
        is_form = arrival.length <= IN_MEMORY
        room = self._limits.held - (0 if is_form else self._limits.for_forms)
        if self._held + more > room:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
        self._held += more
        arrival.received += more


def _length(headers: Head) -> int:
    """Return the length that the head names; a body without one is refused.

    Every browser and mail program names it. A body in chunks would have no end that we can tell
    from a broken line, and two ways to say a length are how requests are smuggled past a proxy.
    """
    if headers.get("transfer-encoding") is not None:
        raise RefusedError(HTTPStatus.LENGTH_REQUIRED)
    said = headers.get("content-length") or "0"
    length = whole(said, LARGEST)
    if length is None:
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    return length
