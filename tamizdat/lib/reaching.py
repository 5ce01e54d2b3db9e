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
        TimeoutError: it took longer than `within` seconds, or one address was silent for its
            share and no other took the connection.
        OSError: the name is unknown, or no address took the connection.
    """
    until = time.monotonic() + within
    why = OSError("the name has no address")
    found = _look_up(host, port, within)
    for left, address in zip(range(len(found), 0, -1), found, strict=True):
        try:
            return _connected(address, max(until - time.monotonic(), 0.001) / left)
        except OSError as error:
            why = why if isinstance(why, TimeoutError) else error
    raise why


def _connected(address: tuple[Any, ...], within: float) -> socket.socket:
    """Return a connection to one address.

    Raises:
        OSError: it takes none, or this machine has no way to addresses of its family.
    """
    family, kind, protocol, _, where = address
    line = socket.socket(family, kind, protocol)
    try:
        line.settimeout(within)
        line.connect(where)
    except OSError:
        line.close()
        raise
    return line


def _look_up(host: str, port: int, within: float) -> Found:
    asked = _Asked()

    def ask() -> None:
        try:
            asked.found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            asked.error = error
        except UnicodeError:
            asked.error = socket.gaierror(socket.EAI_NONAME, "this can be no name")

    thread = threading.Thread(target=ask, name="resolver", daemon=True)
    thread.start()
    thread.join(within)
    if asked.error is not None:
        raise asked.error
    if thread.is_alive():
        raise TimeoutError("the name could not be looked up")
    return asked.found
