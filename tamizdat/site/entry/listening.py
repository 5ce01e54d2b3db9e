"""How desk, counter and till listen: the command of their server."""

from tamizdat.lib.processes import web_server

MOST_CONNECTIONS = 4096  # one that sends slowly costs some 30 KiB of memory
# Where a new process takes over from an old one (`site/processes/recycling.py`), in seconds:
BEGINS_WITHIN_S = 30  # then the old one is told to end, whether the new one listens or not
ENDS_WITHIN_S = 300  # then it is killed: a picture may be on its way, and some hang as they end
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
    turn = ("--respawn-interval", BEGINS_WITHIN_S, "--workers-kill-timeout", ENDS_WITHIN_S)
    options = (*where, *OPTIONS, *map(str, turn))
    return (*web_server.COMMAND, *options, "tamizdat.site.entry.app:app")
