"""How the edition's front listens: the command of its server."""

from tamizdat.lib.processes import web_server

MOST_CONNECTIONS = 4096  # one that takes a large file slowly costs some 150 KiB of memory
OPTIONS = (
    *("--interface", "rsgi", "--http", "1", "--no-ws", "--loop", "uvloop"),
    *("--workers", "1", "--log-level", "warning"),
    *("--workers-kill-timeout", "8"),  # s; by default a worker that hangs is waited for without end
    *("--backlog", str(MOST_CONNECTIONS), "--backpressure", str(MOST_CONNECTIONS)),
    *("--http1-header-read-timeout", "10000"),  # ms; who takes longer to ask is no reader
    *("--http1-buffer-size", str(64 * 2**10)),
)


def command(host: str, port: int) -> tuple[str, ...]:
    """Return the command that serves the edition named by TAMIZDAT_EDITION."""
    where = ("--host", host, "--port", str(port))
    return (*web_server.COMMAND, *where, *OPTIONS, "tamizdat.press.server.app:app")
