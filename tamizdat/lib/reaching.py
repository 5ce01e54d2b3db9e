"""Open a connection within a time that holds for all of it: looking the name up, and every address.

The system's own resolver has no time-out that a program can set: where the network is cut it
may take a minute. So it is asked in a thread, which is left behind if it takes too long. Whoever
asks for the same name within a minute waits with it: a resolver that hangs leaves few threads.
"""

import errno
import os
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

LONGEST_S = 60.0  # for which a question is waited for, before another one is asked beside it

Found = list[tuple[Any, ...]]


@dataclass(slots=True)
class _Asked:
    """What the resolver answered, once it did."""

    found: Found = field(default_factory=list)
    error: OSError | None = None
    is_over: threading.Event = field(default_factory=threading.Event)
    since: float = field(default_factory=time.monotonic)


#: What the resolver is asked for at this moment, by host and port.
_asking: dict[tuple[str, int], _Asked] = {}
_starting = threading.Lock()


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
    asked = _asked(host, port)
    if not asked.is_over.wait(within):
        raise TimeoutError("the name could not be looked up")
    if asked.error is not None:
        raise asked.error
    return asked.found


def _asked(host: str, port: int) -> _Asked:
    """Return the question for a name, which goes on already or begins now.

    Raises:
        OSError: no thread can be started.
    """
    with _starting:
        asked = _asking.get((host, port))
        if asked and time.monotonic() - asked.since < LONGEST_S:
            return asked
        asked = _asking[host, port] = _Asked()
        try:
            threading.Thread(
                target=_ask, args=(asked, host, port), name="resolver", daemon=True
            ).start()
        except RuntimeError as error:
            del _asking[host, port]
            raise OSError(errno.EAGAIN, "no thread can be started") from error
        return asked


def _ask(asked: _Asked, host: str, port: int) -> None:
    try:
        asked.found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        asked.error = error
    except UnicodeError:
        asked.error = socket.gaierror(socket.EAI_NONAME, "this can be no name")
    finally:
        with _starting:
            if _asking.get((host, port)) is asked:
                del _asking[host, port]
        asked.is_over.set()


def _forget_questions() -> None:
    global _starting  # noqa: PLW0603  the threads that ask, and who held the lock, stay behind
    _starting = threading.Lock()
    _asking.clear()


os.register_at_fork(after_in_child=_forget_questions)
