"""The edition's front: serves the current edition to everybody, and remembers nobody.

    TAMIZDAT_EDITION=newsroom/edition granian --interface rsgi tamizdat.press.server.app:app

Plain Python without Django, no form, no cookie, no log. What it serves, any other server of
static files could serve too; it exists so that the newsroom in a box needs none.
"""

import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tamizdat.lib.processes.many_connections import allow_many_connections
from tamizdat.lib.processes.parent_death import end_with_parent
from tamizdat.press.server.file_cache import FileCache
from tamizdat.press.server.responses import FileRange, Response, respond


class Server:
    """The application that granian calls, by RSGI 1.5."""

    def __init__(self, edition: Path) -> None:
        self._file_cache = FileCache(edition)

    def __rsgi_init__(self, _loop: Any) -> None:
        """Let as many readers in as the machine lets us; end with granian, however it ends."""
        end_with_parent()
        allow_many_connections()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request. granian has decoded its path; bytes that are no text are U+FFFD."""
        if scope.proto != "http":
            return
        answer = respond(self._file_cache, scope.method, scope.path, scope.headers)
        if answer.part is None:
            protocol.response_bytes(answer.status, answer.headers, answer.body)
        else:
            _send(protocol, answer, answer.part)


def _send(protocol: Any, answer: Response, part: FileRange) -> None:
    """Have granian send a file's part in small pieces, as fast as the reader takes them."""
    name = f"/proc/self/fd/{part.hand()}"
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        ends = part.first, part.end
        protocol.response_file_range(answer.status, answer.headers, name, *ends)
    else:
        protocol.response_file(answer.status, answer.headers, name)


app = Server(Path(os.environ.get("TAMIZDAT_EDITION", "edition")))
