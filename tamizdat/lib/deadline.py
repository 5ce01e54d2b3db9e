"""A call over HTTP that ends by a deadline, however slowly the other side answers.

The timeout of a socket bounds each wait for bytes. One who sends a byte now and then would hold
whoever asked for ever.
"""

import errno
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult

from tamizdat.lib import reaching


class _Deadline:
    """Ends a connection after so many seconds, counted from when its name is looked up."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._over = seconds, threading.Event()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._held: socket.socket | None = None

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def connect(self, to: tuple[str, int], *_about: object) -> socket.socket:
        """Return a socket that is connected to one of a name's addresses, in the time of all.

        Raises:
            TimeoutError: the time was over before, or an address was silent.
            OSError: there is nobody at any of them, or no thread can be started.
        """
        try:
            self._timer.start()
        except RuntimeError as error:
            raise OSError(errno.EAGAIN, "no thread can be started") from error
        line = reaching.connect(*to, self._seconds)
        line.settimeout(self._seconds)
        self._held = line.dup()  # TLS takes the other one over
        if self.is_over:
            line.close()
            raise TimeoutError
        return line

    def cancel(self) -> None:
        self._timer.cancel()
        if self._held is not None:
            self._held.close()

    def _end(self) -> None:
        self._over.set()
        if self._held is not None:
            with suppress(OSError):
                self._held.shutdown(socket.SHUT_RDWR)


@contextmanager
def connection(address: SplitResult, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """Connect to an origin; the connection is ended after so many seconds at the latest.

    To look the name up is part of them, to connect to whichever of its addresses answers, and
    the handshake of TLS.

    Raises:
        TimeoutError: the time was over before the block ended.
        OSError: nobody is there, or the line broke.
    """
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    line = kind(address.hostname or "", address.port, timeout=seconds)
    deadline = _Deadline(seconds)
    line._create_connection = deadline.connect  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        line.connect()
        yield line
    except (OSError, http.client.HTTPException, ValueError) as error:
        if deadline.is_over:
            raise TimeoutError from error
        raise
    finally:
        deadline.cancel()
        line.close()
    if deadline.is_over:
        raise TimeoutError
