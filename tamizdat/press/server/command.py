"""How the edition's front listens: the command of its server."""

import sys

MOST_CONNECTIONS = 4096  # one that takes a large file slowly costs some 150 KiB of memory
OPTIONS = (
    *("--interface", "rsgi", "--http", "1", "--no-ws", "--loop", "uvloop"),
    *("--workers", "1", "--log-level", "warning"),
    *("--backlog", str(MOST_CONNECTIONS), "--backpressure", str(MOST_CONNECTIONS)),
    *("--http1-header-read-timeout", "10000"),  # ms; who takes longer to ask is no reader
    *("--http1-buffer-size", str(64 * 2**10)),
)


def command(host: str, port: int) -> tuple[str, ...]:
    """Return the command that serves the edition named by TAMIZDAT_EDITION."""
    where = ("--host", host, "--port", str(port))
    return (sys.executable, "-m", "granian", *where, *OPTIONS, "tamizdat.press.server.app:app")
