"""Whether a process answers: asked again and again, in a thread, so that nobody waits for it."""

import contextlib
import http.client
import threading
import time

from tamizdat.lib import worker_socket
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.processes.serving import Process

EVERY_S = 5.0
SOON_S = 0.1  # before the first answer: somebody waits for it
PATIENCE_S = 30.0  # for one answer; a busy role may let us wait
HANGS_S = 120.0  # without an answer, however often we ask
BEGINS_S = 300.0  # until its first answer


class Probe:
    """Asks one process for as long as it runs: a server for a page, the worker for a word."""

    def __init__(self, process: Process, newsroom: Newsroom) -> None:
        self._process = process
        self._newsroom = newsroom
        self._ended = threading.Event()
        self._begun = time.monotonic()
        self._fails_since: float | None = None
        self.has_answered = False
        self._thread = threading.Thread(target=self._ask_on, name=process.name, daemon=True)
        self._thread.start()

    @property
    def answers(self) -> bool:
        """Whether it answered when it was asked last."""
        return self.has_answered and self._fails_since is None

    def hangs(self, now: float) -> bool:
        """Say whether it does not answer, and has had time enough."""
        if not self.has_answered:
            return now - self._begun >= BEGINS_S
        return self._fails_since is not None and now - self._fails_since >= HANGS_S

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()

    def _ask_on(self) -> None:
        while not self._ended.wait(EVERY_S if self.has_answered else SOON_S):
            if self._ask():
                self.has_answered, self._fails_since = True, None
            elif self._fails_since is None:
                self._fails_since = time.monotonic()

    def _ask(self) -> bool:
        return self._ask_server() if self._process.port else self._ask_worker()

    def _ask_server(self) -> bool:
        """Say whether a server answers anything at all: "not found" is an answer."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection(
                self._process.host, self._process.port, timeout=PATIENCE_S
            )
            with contextlib.closing(line):
                line.request("HEAD", "/", headers={"Connection": "close"})
                line.getresponse()
                return True
        return False

    def _ask_worker(self) -> bool:
        try:
            worker_socket.ask(self._newsroom, "status")
        except worker_socket.NobodyListensError:
            return False
        return True
