"""A till that does not answer takes one thread, and no reader's time."""

import http.client
import http.server
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tamizdat.support import circuit_breaker
from tamizdat.support.circuit_breaker import CircuitBreaker, OpenError
from tamizdat.support.till_client import SECONDS, Till, TillAwayError

TOKEN = "abcdefghijklmnopqrstuvwxyz"


def signal_all(process, what):
    """Send a signal to a server: to the process that watches, and to the one that works."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for each in (process, *map(int, children)):
        os.kill(each, what)


def hang(breaker):
    with pytest.raises(TimeoutError), breaker.call():
        raise TimeoutError


def test_after_one_that_hung_one_call_at_a_time_waits():
    breaker = CircuitBreaker()
    hang(breaker)

    with breaker.call(), pytest.raises(OpenError), breaker.call():
        pass


@pytest.mark.parametrize("end", [None, ConnectionRefusedError], ids=["answered", "refused"])
def test_any_answer_closes_it(end):
    breaker = CircuitBreaker()
    hang(breaker)

    try:
        with breaker.call():
            if end:
                raise end
    except ConnectionRefusedError:
        pass

    with breaker.call(), breaker.call():
        pass


@pytest.mark.parametrize("end", [None, ConnectionResetError], ids=["answered", "broke"])
def test_one_that_takes_long_opens_it_as_one_that_hangs(monkeypatch, end):
    """A till that answers nonsense after seven seconds takes as many threads as one that hangs."""
    breaker, now = CircuitBreaker(), iter([0.0, 7.0, 10.0, 10.1])
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: next(now))
    with suppress(ConnectionResetError), breaker.call():
        if end:
            raise end

    with breaker.call(), pytest.raises(OpenError), breaker.call():
        pass
    assert not breaker._is_open, "that one was quick"


def test_calls_wait_side_by_side_while_all_is_well():
    breaker = CircuitBreaker()

    with breaker.call(), breaker.call(), breaker.call():
        pass


def test_many_who_ask_a_hanging_till_do_not_wait_in_turn():
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        till = Till(f"http://127.0.0.1:{silent.getsockname()[1]}", "", seconds=0.5)
        began = time.monotonic()
        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(till.show, TOKEN) for _ in range(20)]
        took = time.monotonic() - began

    assert all(isinstance(each.exception(), TillAwayError) for each in asked)
    assert took < 3 * 0.5


def test_many_who_ask_a_till_that_is_slow_to_make_no_sense_do_not_wait_in_turn(monkeypatch):
    monkeypatch.setattr(circuit_breaker, "SLOW", 0.2)

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            time.sleep(0.4)
            self.send_error(502)

        def log_message(self, *_about):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        till = Till(f"http://127.0.0.1:{server.server_port}", "")
        began = time.monotonic()
        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(till.show, TOKEN) for _ in range(20)]
        took = time.monotonic() - began
        server.shutdown()

    assert all(isinstance(each.exception(), TillAwayError) for each in asked)
    assert took < 4 * 0.4


def test_who_signs_up_does_not_wait_for_a_hanging_till(box):
    counter = urlsplit(box.newsroom.addresses.counter)

    def get(path):
        with closing(
            http.client.HTTPConnection(counter.hostname, counter.port, timeout=60)
        ) as line:
            line.request("GET", path)
            return line.getresponse().status

    signal_all(box.processes["till"].pid, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(16) as readers:
            asked = [readers.submit(get, f"/en/manage/{TOKEN}") for _ in range(16)]
            time.sleep(0.5)
            began = time.monotonic()
            found = get("/en/remind")
            took = time.monotonic() - began
    finally:
        signal_all(box.processes["till"].pid, signal.SIGCONT)

    assert found == 200
    assert {each.result() for each in asked} == {503}
    assert took < SECONDS + 2
