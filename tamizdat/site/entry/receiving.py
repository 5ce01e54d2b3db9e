"""Receive a request's body completely, or refuse it."""

import asyncio
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, Protocol

from tamizdat.site.entry.limits import IN_MEMORY, Limits

LONGEST_NUMBER = 18  # digits; int() refuses very many


class Head(Protocol):
    """The headers of a request, by their lower-case names."""

    def get(self, name: str, /) -> str | None:
        """Return a header's value, None if it was not sent."""


class RefusedError(Exception):
    """This request is not answered by Django. It carries the status and nothing of the request."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Receiver:
    """Receives the bodies of one role and knows how many bytes it holds."""

    def __init__(self, limits: Limits, folder: Path) -> None:
        self._limits = limits
        self._folder = folder
        self._held = 0

    def reserve(self, headers: Head) -> int:
        """Return how long the body is, and hold so many bytes until `release`.

        Raises:
            RefusedError: the length is missing, is no number, or is more than may be.
        """
        length = _length(headers)
        if length > self._limits.body:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._held + length > self._limits.held:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
        self._held += length
        return length

    def release(self, length: int) -> None:
        """Give back what `reserve` held."""
        self._held -= length

    async def receive(self, chunks: Any, length: int) -> IO[bytes]:
        """Return the whole body, ready to be read. Long ones lie in a file without a name.

        Raises:
            RefusedError: it came too slowly, or its sender went away before its end.
        """
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(self._folder))  # noqa: SIM115
        try:
            await self._fill(body, chunks, length)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body

    async def _fill(self, body: IO[bytes], chunks: Any, length: int) -> None:
        limits, begun, received = self._limits, asyncio.get_running_loop().time(), 0
        if not length:
            return
        try:
            async with asyncio.timeout(limits.grace_s) as patience:
                async for chunk in chunks:
                    received += len(chunk)
                    body.write(chunk)
                    patience.reschedule(begun + limits.grace_s + received / limits.rate)
        except TimeoutError:
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT) from None
        if received != length:  # granian ends a broken body as it ends a whole one
            raise RefusedError(HTTPStatus.BAD_REQUEST)


def _length(headers: Head) -> int:
    """Return the length that the head names; a body without one is refused.

    Every browser and mail program names it. A body in chunks would have no end that we can tell
    from a broken line, and two ways to say a length are how requests are smuggled past a proxy.
    """
    if headers.get("transfer-encoding") is not None:
        raise RefusedError(HTTPStatus.LENGTH_REQUIRED)
    said = headers.get("content-length") or "0"
    if not (said.isascii() and said.isdigit()) or len(said) > LONGEST_NUMBER:
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    return int(said)
