"""The server application that receives requests whole and lets threads answer them.

granian's own WSGI takes a thread as soon as a head has come: as many senders of a slow body as
there are threads would stop a role.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # it is public there

from tamizdat.lib.processes.many_connections import allow_many_connections
from tamizdat.lib.processes.parent_death import end_with_parent
from tamizdat.site.broken_log import log_broken
from tamizdat.site.entry.answering import Answer, Application, answer
from tamizdat.site.entry.environ import environ
from tamizdat.site.entry.limits import Limits
from tamizdat.site.entry.receiving import Receiver, RefusedError
from tamizdat.site.unavailable import refused_pages, wished

OPEN_FOR_S = 30.0  # granian opens an answer's file within milliseconds of being told its name
RETRY_S = 10


class Entry:
    """The application that granian calls, by RSGI 1.5."""

    def __init__(self, application: Application, limits: Limits, folder: Path) -> None:
        self._application = application
        self._limits = limits
        self._folder = folder
        self._receiver = Receiver(limits, folder)
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="request")
        self._waiting = 0

    def __rsgi_init__(self, _loop: Any) -> None:
        """Let as many connections in as the machine lets us; end with granian, however it ends."""
        end_with_parent()
        allow_many_connections()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            return
        with suppress(ProtocolClosed):  # the sender has gone
            try:
                _send(protocol, await self._answered(scope, protocol))
            except RefusedError as refused:
                _refuse(protocol, scope, refused.status)
            except Exception as error:  # noqa: BLE001  granian would print what it says
                log_broken(error)
                _refuse(protocol, scope, HTTPStatus.INTERNAL_SERVER_ERROR)

    async def _answered(self, scope: Any, protocol: Any) -> Answer:
        async with self._receiver.receive(scope.headers, protocol) as body:
            return await self._in_a_thread(environ(scope, body))

    async def _in_a_thread(self, asked: dict[str, Any]) -> Answer:
        if self._waiting >= self._limits.waiting + self._limits.threads:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
        self._waiting += 1
        try:
            work = partial(answer, self._application, asked, self._folder)
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _send(protocol: Any, said: Answer) -> None:
    if said.descriptor is None:
        protocol.response_bytes(said.status, said.headers, said.body)
        return
    # In memory granian would hold all of it for as long as the reader likes.
    protocol.response_file(said.status, said.headers, f"/proc/self/fd/{said.descriptor}")
    asyncio.get_running_loop().call_later(OPEN_FOR_S, os.close, said.descriptor)


def _refuse(protocol: Any, scope: Any, status: HTTPStatus) -> None:
    """Answer without Django, and close: what else is on this connection was not read."""
    language = wished(scope.path, scope.headers.get("accept-language") or "")
    headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", language),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("connection", "close"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("retry-after", str(RETRY_S)))
    protocol.response_bytes(status, headers, refused_pages()[language].encode())
