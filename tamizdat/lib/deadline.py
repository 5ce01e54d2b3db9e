"""A call over HTTP that ends by a deadline, however slowly the other side answers.

The timeout of a socket bounds each wait for bytes. One who sends a byte now and then would hold
whoever asked for ever.
"""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult


@contextmanager
def connection(address: SplitResult, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """Connect to an origin; the connection is ended after so many seconds at the latest.

    To connect takes no longer than that, either, once the name is resolved.

    Raises:
        TimeoutError: the time was over before the block ended.
        OSError: nobody is there, or the line broke.
    """
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    line = kind(address.hostname or "", address.port, timeout=seconds)
    over = threading.Event()
    try:
        line.connect()
        timer = threading.Timer(seconds, _end, [line.sock, over])
        timer.daemon = True
        timer.start()
        try:
            yield line
        except (OSError, http.client.HTTPException, ValueError) as error:
            if over.is_set():
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()
        if over.is_set():
            raise TimeoutError
    finally:
        line.close()


def _end(line: socket.socket, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
