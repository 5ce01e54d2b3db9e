"""A resolver that hangs, or a machine without room for a thread, costs a call its time at most."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tamizdat.lib import reaching
from tamizdat.lib.deadline import connection

NAME = "till.example.org"
SECONDS = 0.02


class Resolver:
    """The system's own, which hangs until it is mended."""

    def __init__(self) -> None:
        self.mended = threading.Event()

    def getaddrinfo(self, *_about: object, **_more: object) -> list[object]:
        self.mended.wait(20)
        raise socket.gaierror(socket.EAI_NONAME, "nobody")


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    hangs = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", hangs.getaddrinfo)
    yield hangs
    hangs.mended.set()
    for each in _asking():
        each.join(20)


def _asking() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "resolver"]


def test_a_resolver_that_hangs_leaves_one_thread_for_a_name(
    resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        with pytest.raises(TimeoutError):
            reaching.connect(NAME, 443, SECONDS)
    assert len(_asking()) == 1

    monkeypatch.setattr(reaching, "LONGEST_S", 0.0)  # and one more each minute
    with pytest.raises(TimeoutError):
        reaching.connect(NAME, 443, SECONDS)
    assert len(_asking()) == 2

    resolver.mended.set()
    with pytest.raises(socket.gaierror):
        reaching.connect(NAME, 443, 20)
    for each in _asking():
        each.join(20)
    assert reaching._asking == {}


def _refused(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_where_no_thread_can_be_started_it_is_a_connection_that_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading.Thread, "start", _refused)

    with pytest.raises(OSError, match="no thread"):
        reaching.connect(NAME, 443, SECONDS)
    with (
        pytest.raises(OSError, match="no thread"),
        connection(urlsplit(f"http://{NAME}"), SECONDS) as line,
        suppress(TimeoutError),
    ):
        line.connect()
    assert reaching._asking == {}
