"""The four roles as processes of one machine."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.site import serving


@pytest.fixture
def somebody():
    """A server like granian's, which would share its port with whoever asks."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_on_which_somebody_listens_is_refused(newsroom, somebody):
    posts = serving.posts(newsroom, ["edition"], host="127.0.0.1", port=somebody, work=False)

    with pytest.raises(NewsroomError, match=f"port {somebody} .*Stop what listens there"):
        serving.watch(posts)


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(worker.pid, flush=True)
time.sleep(60)
"""


def test_what_a_server_started_ends_with_it_even_if_it_must_be_killed():
    """A worker that goes on alone would keep the port, and the next start would be refused."""
    server = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True
    )
    with server.stdout as said:
        worker = int(said.readline())

    serving._end([server])

    assert server.returncode == -signal.SIGKILL
    assert not is_alive(worker)


def is_alive(pid):
    """Whether it still runs: who is dead and not yet fetched does not."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state == "Z":
            return False
        time.sleep(0.05)
    return True
