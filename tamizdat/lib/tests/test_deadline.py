"""A call ends by its deadline, and says so, however the other side drags it out."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
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


Door = tuple[Any, ...]


@contextmanager
def silent_doors(many: int) -> Iterator[list[Door]]:
    """Yield addresses where nobody says yes or no: their backlog is full, to connect waits."""
    with ExitStack() as open_:
        found = []
        for _ in range(many):
            full = open_.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            for _ in range(4):
                waits = open_.enter_context(socket.socket())
                waits.setblocking(False)  # noqa: FBT003  its only argument
                waits.connect_ex(full.getsockname())
            found.append(door(full.getsockname()))
        yield found


def door(address: tuple[Any, ...], family: int = socket.AF_INET) -> Door:
    return (family, socket.SOCK_STREAM, 6, "", address)


def test_many_addresses_of_one_name_get_the_time_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_doors(4) as found:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)

        began = time.monotonic()
        with pytest.raises(TimeoutError):
            ask("http://many.example", 0.5)
        assert time.monotonic() - began < 1


@pytest.mark.parametrize("silent", [1, 2, 3])
def test_silent_addresses_leave_the_next_one_its_time(
    server: Server, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    with silent_doors(silent) as found:
        found.append(door(server.door.getsockname()))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)

        assert ask("http://many.example", 4) == b"{}"


def test_who_is_silent_at_one_address_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """However soon the other address refuses: who asks next would wait as long."""
    with silent_doors(1) as found:
        found.append(door(("127.0.0.1", 1)))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)

        with pytest.raises(TimeoutError):
            ask("http://two.example", 0.5)


def test_an_address_of_a_family_that_this_machine_lacks_is_passed_over(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacks = door(("127.0.0.1", 1), family=99)
    found = [lacks, door(server.door.getsockname())]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)

    assert ask("http://two.example", 10) == b"{}"


def test_a_resolver_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: answers.wait(10) and [])
    began = time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            ask("http://hanging.example", 0.5)
    finally:
        answers.set()
    assert time.monotonic() - began < 1


def test_what_can_be_no_name_is_nobodys() -> None:
    with pytest.raises(OSError, match="no name"):
        ask(f"http://{'a' * 64}.example", 5)


def test_the_second_address_of_a_name_answers(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody, somebody = ("127.0.0.1", 1), server.door.getsockname()
    found = [door(nobody), door(somebody)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_about, **_more: found)

    assert ask("http://two.example", 10) == b"{}"


def test_a_handshake_that_drips_is_ended(server: Server) -> None:
    """Each byte of a record of TLS begins the wait of a socket anew."""
    server.says, server.pause_s = b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + b" " * 90, 0.05
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        ask(server.address.replace("http:", "https:"), 0.5)
    assert time.monotonic() - began < 1.5
