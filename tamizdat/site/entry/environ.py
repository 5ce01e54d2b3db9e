"""A request of granian's RSGI as the environment that WSGI passes to Django (PEP 3333)."""

import sys
from typing import IO, Any

WITHOUT_PREFIX = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def environ(scope: Any, body: IO[bytes]) -> dict[str, Any]:
    """Return the environment of one request whose body has arrived.

    Headers with `_` in their names are left out: WSGI could not tell them from those with `-`
    that a proxy sets or removes.
    """
    server, _, port = str(scope.server).rpartition(":")
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_bytes(scope.path) or "/",
        "QUERY_STRING": _as_bytes(scope.query_string),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": str(scope.client).rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" not in name:
            _add(found, name, _as_bytes(value))
    return found


def _add(found: dict[str, Any], name: str, value: str) -> None:
    key = WITHOUT_PREFIX.get(name) or "HTTP_" + name.upper().replace("-", "_")
    between = "; " if name == "cookie" else ","
    found[key] = f"{found[key]}{between}{value}" if key in found else value


def _as_bytes(text: str) -> str:
    """Return text as WSGI wants it: each character is one byte of its UTF-8."""
    return text.encode("utf-8", "replace").decode("latin-1")
