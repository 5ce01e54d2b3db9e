"""Open a connection within a time that holds for all of it: looking the name up, and every address.

The system's own resolver has no time-out that a program can set: where the network is cut it
may take a minute. So it is asked in a thread, which is left behind if it takes too long.
"""

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

Found = list[tuple[Any, ...]]


@dataclass(slots=True)
class _Asked:
    """What the resolver answered, once it did."""

    found: Found = field(default_factory=list)
    error: OSError | None = None


def connect(host: str, port: int, within: float) -> socket.socket:
    """Return an open connection. Addresses of the host are tried in turn, each for its share.

    Raises:
        TimeoutError: it took longer than `within` seconds.
        OSError: the name is unknown, or no address took the connection.
    """
    until = time.monotonic() + within
    last: OSError = TimeoutError("no address")
    found = _look_up(host, port, within)
    for left, (family, kind, protocol, _, address) in zip(
        range(len(found), 0, -1), found, strict=True
    ):
        line = socket.socket(family, kind, protocol)
        line.settimeout(max(until - time.monotonic(), 0.001) / left)
        try:
            line.connect(address)
        except OSError as error:
            line.close()
            last = error
        else:
            return line
    raise last


def _look_up(host: str, port: int, within: float) -> Found:
    asked = _Asked()

    def ask() -> None:
        try:
            asked.found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            asked.error = error

    thread = threading.Thread(target=ask, name="resolver", daemon=True)
    thread.start()
    thread.join(within)
    if asked.error is not None:
        raise asked.error
    if thread.is_alive():
        raise TimeoutError("the name could not be looked up")
    return asked.found
