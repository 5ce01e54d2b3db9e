"""Back ends as a web server may find them: well, hanging, breaking off, or not there."""

import re
import socket
import threading
from contextlib import contextmanager, suppress

PAGE = b"<p>Words of the counter's page.</p>" * 3_000  # more than nginx's usual buffers
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
ANSWER = HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE)


@contextmanager
def back_end(port, behaves):
    """Serve like a back end that is `alive`, `hanging`, `breaking` or `dead`."""
    if behaves == "dead":
        yield
        return
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        held = []
        threading.Thread(target=_serve, args=(listener, behaves, held), daemon=True).start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for line in held:
                line.close()


def _serve(listener, behaves, held):
    with suppress(OSError):
        while True:
            line, _ = listener.accept()
            threading.Thread(target=_answer, args=(line, behaves, held), daemon=True).start()


def _answer(line, behaves, held):
    line.settimeout(5)
    with suppress(OSError):
        _receive(line)
        if behaves == "hanging":
            held.append(line)
            return
        line.sendall(ANSWER if behaves == "alive" else ANSWER[:500])
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass
    line.close()


def _receive(line):
    """Read a whole request, as our entry point does before anything answers it."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(line)
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += _some(line)


def _some(line):
    if some := line.recv(65536):
        return some
    raise ConnectionAbortedError
