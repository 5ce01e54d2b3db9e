"""Ask a server with bytes as they are, which no polite client would send."""

import socket
import time

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def ask(port, *pieces, pause=0.3, is_over=False, timeout=20):
    """Send pieces with pauses between them; return all that comes back until the end.

    The server must end the connection, or the request say `Connection: close`.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as line:
        try:
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(pause)
                line.sendall(piece)
            if is_over:
                line.shutdown(socket.SHUT_WR)
            return read(line)
        except (ConnectionResetError, BrokenPipeError):
            return b""


def read(line):
    received = b""
    try:
        while some := line.recv(65536):
            received += some
    except ConnectionResetError:
        pass
    return received


def status(answer):
    """Return the status of an answer, 0 where the line was only closed."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


def request(target, *, method="GET", headers=b"", body=b"", length=None, host=b"127.0.0.1"):
    """Return a request that closes its connection."""
    target = target if isinstance(target, bytes) else target.encode()
    if body or length is not None:
        headers += b"Content-Length: %d\r\n" % (len(body) if length is None else length)
    head = b"%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n" % (method.encode(), target, host)
    return head + headers + b"\r\n" + body


def hold(port, sent):
    """Open a connection, send the beginning of a request, and return the open line."""
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.sendall(sent)
    return line


def request_in_http2(target, headers, pieces):
    """Return a POST of HTTP/2 whose body names no length and comes in pieces."""
    named = {":method": "POST", ":scheme": "http", ":path": target, **headers}
    block = b"".join(b"\0" + _text(name) + _text(value) for name, value in named.items())
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(4, 0, b"", stream=0)
    yield _frame(1, 4, block)
    for piece in pieces:
        yield _frame(0, 0, piece)
    yield _frame(0, 1, b"")


def _text(said):
    """Return a string of HPACK (RFC 7541, 5.2) of less than 127 bytes, as it is."""
    return bytes([len(said)]) + said.encode()


def _frame(kind, flags, payload, stream=1):
    head = len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
    return head + payload
