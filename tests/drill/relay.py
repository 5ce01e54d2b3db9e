"""A mail relay that keeps what it gets in memory: it is somebody else's machine.

Its log is another thing: who takes the newsroom may have it, too, and a relay keeps it for months.
"""

import re
import socketserver
import threading
from email import message_from_bytes, policy

LINK = re.compile(r"https?://\S+/(confirm|mailbox)/[a-z2-7]{26,}")


class Relay:
    """Takes letters, and can be told to be away, to hang, or to break off in the middle."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []  # recipient, text
        self.log: list[tuple[str, str]] = []  # recipient, Message-ID: what every relay writes down
        self.does = "take"
        self.hanging = threading.Event()
        self._let_go = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.relay = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def take(self, recipient: str, raw: bytes) -> None:
        said = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
        self.letters.append((recipient, said.get_content() if said else ""))

    def write_down(self, recipient: str, raw: bytes) -> None:
        """Write into the log what came, also where nobody hears that it was taken."""
        message = message_from_bytes(raw, policy=policy.default)
        self.log.append((recipient, str(message["Message-ID"])))

    def links(self, kind: str = "confirm") -> dict[str, str]:
        """Return the link of a kind that each recipient got."""
        found = ((to, link) for to, text in self.letters for link in LINK.finditer(text))
        return {to: link[0] for to, link in found if link[1] == kind}

    def wait(self) -> None:
        """Hang until somebody lets go; the worker that speaks with us is about to be killed."""
        self.hanging.set()
        self._let_go.wait(20)

    def let_go(self) -> None:
        self._let_go.set()

    def close(self) -> None:
        self.let_go()
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    relay: Relay


class _Talk(socketserver.StreamRequestHandler):
    """One connection: as much of RFC 5321 as our transport speaks."""

    server: _Server

    def handle(self) -> None:
        if self._relay.does == "away":
            return
        self._say("220 relay.example")
        recipient = ""
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            if word == b"DATA":
                if not self._data(recipient):
                    return
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self, recipient: str) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self._relay.write_down(recipient, b"".join(lines))
        if self._relay.does == "hang":
            self._relay.wait()
            return False
        if self._relay.does == "break":
            return False
        self._relay.take(recipient, b"".join(lines))
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    @property
    def _relay(self) -> Relay:
        return self.server.relay
