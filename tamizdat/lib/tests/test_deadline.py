"""A call ends by its deadline, and says so, however the other side drags it out."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
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


def test_many_addresses_of_one_name_get_the_time_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their backlog is full: to connect to them waits."""
    with ExitStack() as open_:
        found = []
        for _ in range(4):
            full = open_.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            for _ in range(4):
                waits = open_.enter_context(socket.socket())
                waits.setblocking(False)  # noqa: FBT003  its only argument
                waits.connect_ex(full.getsockname())
            found.append((socket.AF_INET, socket.SOCK_STREAM, 6, "", full.getsockname()))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)

        began = time.monotonic()
        with pytest.raises(TimeoutError):
            ask("http://many.example", 0.5)
        assert time.monotonic() - began < 1


def test_the_second_address_of_a_name_answers(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody, somebody = ("127.0.0.1", 1), server.door.getsockname()
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in (nobody, somebody)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)

    assert ask("http://two.example", 10) == b"{}"


def test_a_handshake_that_drips_is_ended(server: Server) -> None:
    """Each byte of a record of TLS begins the wait of a socket anew."""
    server.says, server.pause_s = b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + b" " * 90, 0.05
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        ask(server.address.replace("http:", "https:"), 0.5)
    assert time.monotonic() - began < 1.5
