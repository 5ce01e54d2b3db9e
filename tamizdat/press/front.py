"""The edition's front: serves the current edition to everybody, and remembers nobody.

    TAMIZDAT_EDITION=newsroom/edition granian --interface rsgi tamizdat.press.front:app

Plain Python without Django, no form, no cookie, no log. What it serves, any other server of
static files could serve too; it exists so that the newsroom in a box needs none.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tamizdat.press.memory import Memory
from tamizdat.press.replies import reply

WANTED = ("accept-encoding", "if-none-match", "if-range", "range")


class Front:
    """The application that granian calls, by RSGI 1.5."""

    def __init__(self, edition: Path) -> None:
        self._memory = Memory(edition)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            return
        answer = reply(self._memory, scope.method, _decoded(scope.path), _asked(scope.headers))
        protocol.response_bytes(answer.status, answer.headers, answer.body)


def _decoded(path: str) -> str:
    """Return a path without its percent signs; bytes that are no text stand as U+FFFD."""
    return unquote(path, errors="replace")


def _asked(headers: Any) -> Mapping[str, str]:
    return {name: value for name in WANTED if (value := headers.get(name)) is not None}


app = Front(Path(os.environ.get("TAMIZDAT_EDITION", "edition")))
