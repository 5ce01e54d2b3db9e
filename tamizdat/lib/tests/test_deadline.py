"""A call ends by its deadline, and says so, however the other side drags it out."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tamizdat.lib.deadline import connection

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
WAYS = {
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"X-More: more\r\n" * 60,
    "a body that drips": b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b" " * 60,
    "a body of no length": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * 60,
    "nothing": b"",
}


class Server:
    """Answers each connection with these bytes, one each 50 ms, and then keeps it open."""

    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.says, self.pause_s = WHOLE, 0.0
        self.ended = threading.Event()
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def _take(self) -> None:
        with suppress(OSError):
            line, _ = self.door.accept()
            for byte in self.says:
                line.sendall(bytes([byte]))
                if self.ended.wait(self.pause_s):
                    break
            self.ended.wait(10)
            line.close()


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.ended.set()
    one.door.close()


def ask(address: str, seconds: float) -> bytes:
    with connection(urlsplit(address), seconds) as line:
        line.request("GET", "/")
        return line.getresponse().read(100_000)


def test_an_answer_in_time_is_whole(server: Server) -> None:
    assert ask(server.address, 10) == b"{}"


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_drags_on_is_ended(server: Server, way: str) -> None:
    server.says, server.pause_s = WAYS[way], 0.05
    with pytest.raises(TimeoutError):
        ask(server.address, 0.5)


def test_who_is_not_there_is_said_as_such(server: Server) -> None:
    server.door.close()
    with pytest.raises(ConnectionRefusedError):
        ask("http://127.0.0.1:1", 5)
