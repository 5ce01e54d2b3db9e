"""Who broke into the till cannot fill the memory of who asks it."""

import http.server
import threading
from itertools import repeat

import pytest

from tamizdat.support.till_client import LONGEST, Till, TillAwayError

PIECE = b" " * 1000


class Talkative(http.server.BaseHTTPRequestHandler):
    """It answers each call with spaces, for as long as somebody listens."""

    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        try:
            for piece in repeat(PIECE):
                self.wfile.write(piece)
                self.server.sent += len(piece)
        except ConnectionError:
            self.server.ended.set()

    def log_message(self, *_about):
        pass


@pytest.fixture
def talkative():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Talkative) as server:
        server.sent, server.ended = 0, threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_long_answer_is_none(talkative):
    till = Till(f"http://127.0.0.1:{talkative.server_port}", key="")

    with pytest.raises(TillAwayError):
        till.status("0" * 64)

    assert talkative.ended.wait(timeout=10)
    assert talkative.sent < 100 * LONGEST  # what the system's own buffers take in
