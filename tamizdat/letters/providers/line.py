"""One connection to a relay. Every exchange is bounded as a whole, not byte by byte.

smtplib bounds each read: a relay that sends one byte now and then would hold us for ever. It
also asks the resolver for our own name. Of it we take how to greet and how to sign in.
"""

import math
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass

from tamizdat.letters.providers.answers import Answer
from tamizdat.letters.providers.base import StoppedError
from tamizdat.lib.processes.stopping import stopping
from tamizdat.lib.reaching import connect

LOOK_EVERY_S = 0.5  # whether we are told to stop
MOST_LINES, LONGEST_LINE = 100, 8192  # of an answer; RFC 5321 asks for 512 bytes a line
PORTION = 16384  # bytes of content in one call
CRLF = b"\r\n"


class LostError(OSError):
    """The relay ended or reset the connection; `code` is what it said, if it said so."""

    def __init__(self, code: str = "") -> None:
        super().__init__()
        self.code = code


class NoSmtpError(OSError):
    """What the other side says is no answer in SMTP."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the relay has for each step, in seconds.

    RFC 5321 (4.5.3.2) asks for 5 minutes for most answers, 10 for the last. A relay in good order
    needs none of it, and all letters wait meanwhile. To give up before the end was sent costs
    nothing but a later try, so those times are short. After the end it costs a reader a second
    copy (RFC 1047): there we wait as long as the RFC asks for.
    """

    connecting: float = 10  # the handshake of TLS has as much again
    command: float = 30  # greeting, EHLO, STARTTLS, AUTH, MAIL
    recipient: float = 60  # RCPT and DATA: relays look names up and ask their policy here
    content: float = 180  # all of a letter; the longest has some hundred KB
    end: float = 600
    goodbye: float = 3  # RSET and QUIT: nothing depends on their answer
    end_when_stopping: float = 5


class Line(smtplib.SMTP):
    """A connection whose reads and writes end in time, and when we are told to stop.

    `allow` begins a step: what follows must be done within its seconds.
    """

    def __init__(self, host: str, port: int, within: float) -> None:
        super().__init__(local_hostname=_our_name())
        self._heard = b""
        self._until = self._grace = 0.0
        self.sock = connect(host, port, within)
        # The end of a letter is a packet of its own; without this it would wait for the last one.
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def allow(self, seconds: float, when_stopping: float = 0) -> None:
        """Give the next step so many seconds; if we are told to stop meanwhile, so many more."""
        self._until, self._grace = time.monotonic() + seconds, when_stopping

    def ask(self, command: str) -> Answer:
        """Send a command and return the answer."""
        self.putcmd(command)
        return self.hear()

    def hear(self) -> Answer:
        """Return the next answer."""
        return Answer(*self.getreply())

    def has_spoken(self) -> bool:
        """Whether the relay has said something that nobody asked for yet.

        Raises:
            LostError: it ended the connection.
        """
        if self.sock is None:
            raise LostError
        self.sock.settimeout(0)
        try:
            heard = self.sock.recv(LONGEST_LINE)
        except (BlockingIOError, ssl.SSLWantReadError):
            return bool(self._heard)
        except OSError as error:
            raise LostError from error
        if not heard:
            raise LostError
        self._heard += heard
        return True

    def secure(self, trust: ssl.SSLContext, host: str) -> None:
        """Speak TLS from now on. What the relay said before in the open is forgotten."""
        assert self.sock is not None
        self.sock.settimeout(max(self._until - time.monotonic(), 0.001))
        self.sock = trust.wrap_socket(self.sock, server_hostname=host)
        self._heard = b""
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def getreply(self) -> tuple[int, bytes]:
        """Return code and words of the next answer, which may have several lines."""
        words = []
        for _ in range(MOST_LINES):
            line = self._hear_line()
            if not line[:3].isdigit():
                break
            words.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(words)
        self.close()
        raise NoSmtpError

    def send(self, said: bytes | str) -> None:  # type: ignore[override]  # typeshed takes any buffer
        """Send all of it."""
        raw = memoryview(said.encode("ascii") if isinstance(said, str) else said)
        while raw:
            raw = raw[self._send_some(raw[:PORTION]) :]

    def _send_some(self, raw: memoryview) -> int:
        while True:
            line = self._ready()
            try:
                return line.send(raw)
            except TimeoutError:
                continue
            except OSError as error:
                self.close()
                raise LostError from error

    def _hear_line(self) -> bytes:
        while CRLF[1:] not in self._heard:
            if len(self._heard) > LONGEST_LINE:
                self.close()
                raise NoSmtpError
            self._heard += self._hear_some()
        line, _, self._heard = self._heard.partition(CRLF[1:])
        return line

    def _hear_some(self) -> bytes:
        while True:
            line = self._ready()
            try:
                heard = line.recv(LONGEST_LINE)
            except TimeoutError:
                continue
            except OSError as error:
                self.close()
                raise LostError from error
            if not heard:
                self.close()
                raise LostError
            return heard

    def _ready(self) -> socket.socket:
        """Return the socket with a time-out set, as long as there is time and no word to stop."""
        now = time.monotonic()
        if self.sock is None:
            raise LostError
        if stopping():
            self._until, self._grace = min(self._until, now + self._grace), math.inf
            if now >= self._until:
                self.close()
                raise StoppedError
        if now >= self._until:
            self.close()
            raise TimeoutError
        self.sock.settimeout(min(self._until - now, LOOK_EVERY_S))
        return self.sock


def _our_name() -> str:
    """Return the name by which we greet, without asking a resolver."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"
