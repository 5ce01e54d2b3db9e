"""Counter and desk begin anew under their readers and editors: nobody notices, and they forget."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tamizdat.site.founding.newsroom import found
from tamizdat.site.founding.settings_file import Wanted, four_origins
from tests.free_ports import free_ports

ROLES = {"counter": 1, "desk": 2}
PATHS = {"counter": "/en/remind", "desk": "/account/login/"}
PLANTED = "planted-once-7f3a91"
FORM = urlencode({"address": f"{PLANTED}@example.org", "language": "en", "login": PLANTED})
ONCE = """
import itertools, sys
from tamizdat.site import recycling
after = itertools.chain([20], itertools.repeat(10_000))
recycling._an_hour_after = lambda at: at + next(after)
from tamizdat.site.command import main
sys.exit(main())
"""


@dataclass
class Crowd:
    """Readers who ask all the time, each request on a line of its own, as nginx does.

    Some send a form so slowly that it has begun at the old process and ends after its term.
    """

    port: int
    path: str
    good: int = 0
    bad: list = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        doing = [self.look] * 2 + [self.send] * 4
        self.threads = [threading.Thread(target=self.keep_on, args=(do,)) for do in doing]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_raised):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def keep_on(self, do):
        while not self.over.wait(0.05):
            try:
                status = do()
            except OSError as error:
                status = repr(error)
            if isinstance(status, int) and status < 500:
                self.good += 1
            else:
                self.bad.append(status)

    def look(self):
        return ask(self.port, "GET", self.path)

    def send(self):
        return ask(self.port, "POST", self.path, "address=slow%40example.org", pause=6.0)


def ask(port, method, path, body=None, pause=0.0):
    """Ask for one thing and return the status; a body may come in two halves."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        line.putrequest(method, path)
        line.putheader("Connection", "close")
        if body is not None:
            line.putheader("Content-Type", "application/x-www-form-urlencoded")
            line.putheader("Content-Length", str(len(body)))
        line.endheaders()
        if body is not None:
            line.send(body[:9].encode())
            time.sleep(pause)
            line.send(body[9:].encode())
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


@pytest.fixture(params=ROLES)
def served(request, tmp_path):
    """One role as `tamizdat serve` serves it, but it begins anew after 20 seconds, and once."""
    role, first = request.param, free_ports(4)
    folder, port = tmp_path / "newsroom", first + ROLES[role]
    addresses = four_origins(f"http://127.0.0.1:{first}")
    found(folder, Wanted("The Hour", ("en",), addresses), "seven slow kettles")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    ours = ("--newsroom", str(folder))
    tell_the_counter = (sys.executable, "-m", "tamizdat.site", *ours, "work", "--once")
    subprocess.run(tell_the_counter, env=kept, check=True)
    serve = (sys.executable, "-c", ONCE, *ours, "serve", "--role", role)
    process = subprocess.Popen(serve, env=kept, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_open(port, PATHS[role]), 60)
        yield process.pid, port, PATHS[role]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def is_open(port, path):
    try:
        return ask(port, "GET", path) == 200
    except OSError:
        return False


def wait_until(true, seconds):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)


def children(process):
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def server_of(watcher, port):
    """The process that `serve` started for a port; it starts those that answer."""
    named = f"--port\0{port}\0".encode()
    return next(p for p in children(watcher) if named in Path(f"/proc/{p}/cmdline").read_bytes())


def holds(process, secret):
    """Whether a secret stands in what a process holds."""
    with Path(f"/proc/{process}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            start, end = (int(side, 16) for side in span.split("-"))
            if not rights.startswith("rw") or line.endswith("[vvar]"):
                continue
            memory.seek(start)
            try:
                if secret.encode() in memory.read(end - start):
                    return True
            except OSError:
                continue
    return False


def test_a_process_takes_over_without_a_failed_request_and_knows_nothing(served):
    watcher, port, path = served
    server = server_of(watcher, port)
    (old,) = children(server)
    assert ask(port, "POST", path, FORM) < 500
    assert holds(old, PLANTED), "nothing to forget"

    with Crowd(port, path) as crowd:
        wait_until(lambda: len(children(server)) == 2, 90)
        wait_until(lambda: old not in children(server), 400)

    assert crowd.bad == []
    assert crowd.good > 100
    (new,) = children(server)
    assert not any(holds(each, PLANTED) for each in (new, server, watcher))
