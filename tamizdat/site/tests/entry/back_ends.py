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
        lines, threads = [], []
        server = threading.Thread(target=_serve, args=(listener, behaves, lines, threads))
        server.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            server.join()
            for line in lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()
            for line in lines:
                line.close()


def _serve(listener, behaves, lines, threads):
    with suppress(OSError):
        while True:
            line, _ = listener.accept()
            lines.append(line)
            threads.append(threading.Thread(target=_answer, args=(line, behaves)))
            threads[-1].start()


def _answer(line, behaves):
    line.settimeout(5)
    with suppress(OSError):
        _receive(line)
        if behaves == "hanging":
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
