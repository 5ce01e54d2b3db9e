"""How desk, counter and till listen: the command of their server."""

import sys

MOST_CONNECTIONS = 4096  # one that sends slowly costs some 30 KiB of memory
OPTIONS = (
    *("--interface", "rsgi", "--http", "1", "--no-ws", "--loop", "uvloop"),
    *("--workers", "1", "--log-level", "warning"),
    *("--backlog", str(MOST_CONNECTIONS), "--backpressure", str(MOST_CONNECTIONS)),
    *("--http1-header-read-timeout", "10000"),  # ms; also for a connection that asks nothing more
    *("--http1-buffer-size", str(16 * 2**10)),  # bytes; a longer head is answered with 431
)


def command(host: str, port: int) -> tuple[str, ...]:
    """Return the command that serves the role named by TAMIZDAT_ROLE."""
    where = ("--host", host, "--port", str(port))
    return (sys.executable, "-m", "granian", *where, *OPTIONS, "tamizdat.site.entry.app:app")
