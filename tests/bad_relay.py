"""A mail relay that does something wrong at one step, as often as it is told, and else works.

Its steps are greeting, the commands of RFC 5321, content (before all of it came), end (after it,
nothing is taken), answer (it is taken, and not answered) and after (the answer was sent).
"""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import Self

HANG, DROP, RESET, NONSENSE, DRIP = "hang", "drop", "reset", "nonsense", "drip"
ALWAYS = 10**9
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


@dataclass
class Fault:
    """What the relay does wrong: at which step, how, how often, after how many letters."""

    step: str
    does: str  # HANG, DROP, RESET, NONSENSE, DRIP, or an answer such as "550 5.7.1 no"
    times: int = ALWAYS
    after: int = 0  # letters that it takes before
    of: str = ""  # only for readers or content in which this stands
    done: int = 0

    def is_due(self, step: str, said: bytes, taken: int) -> bool:
        due = step == self.step and self.done < self.times and taken >= self.after
        if due and self.of.encode() in said:
            self.done += 1
            return True
        return False


class _OverError(Exception):
    """The connection is over."""


@dataclass
class BadRelay:
    """A running relay. `letters` are recipients and contents, once for each copy taken."""

    faults: tuple[Fault, ...] = ()
    extensions: tuple[str, ...] = ()
    hangs_s: float = 60
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._let_go = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listen(0)

    def _listen(self, port: int) -> None:
        self._door = socket.create_server(("127.0.0.1", port))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._take, args=(self._door,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return sorted(recipient for recipient, _ in self.letters)

    def works(self) -> None:
        """Do everything right from now on, and offer nothing."""
        self.faults = self.extensions = ()
        self._let_go.set()
        self._let_go = threading.Event()

    def goes_away(self) -> None:
        """Take no more connections, and end those that are open."""
        self._close_the_door()
        self.end_all()

    def comes_back(self) -> None:
        """Listen again, on the same port."""
        self._listen(self.port)

    def end_all(self) -> None:
        """End the connections that are open, as a relay does that waited too long."""
        with self._lock:
            for line in self._open:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._let_go.set()
        self._close_the_door()
        self.end_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_about: object) -> None:
        self.close()

    def _close_the_door(self) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # whoever waits at it is woken
        self._door.close()

    def _take(self, door: socket.socket) -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with self._lock:
            self._open.add(line)
        talk = _Talk(self, line, self._let_go)
        with contextlib.suppress(OSError, _OverError), line, talk.heard:
            talk.talk()
        with self._lock:
            self._open.discard(line)


class _Talk:
    """One connection, as much of RFC 5321 as a transport speaks."""

    def __init__(self, relay: BadRelay, line: socket.socket, let_go: threading.Event) -> None:
        self._relay, self._line, self._let_go = relay, line, let_go
        self.heard = line.makefile("rb")
        self._recipient = b""

    def talk(self) -> None:
        self._answer("greeting", "220 relay.example.org")
        while heard := self.heard.readline():
            word = heard[:4].upper().decode(errors="replace").strip()
            self._relay.commands.append(word)
            if word == "RCPT":
                self._recipient = heard.partition(b"<")[2].partition(b">")[0]
            if word == "EHLO":
                said = ["relay.example.org", *self._relay.extensions]
                lines = [f"250-{each}" for each in said[:-1]] + [f"250 {said[-1]}"]
                self._answer(word, "\r\n".join(lines))
            elif word == "DATA":
                self._data()
            elif word == "STAR":
                self._answer("STARTTLS", "220 go on")
                self._secure()
            elif word == "QUIT":
                self._answer(word, "221 bye")
                return
            else:
                self._answer(word, "250 2.0.0 ok", self._recipient)

    def _secure(self) -> None:
        """Fail to speak TLS: this relay cannot."""
        if wrong := self._meet("TLS"):
            self._say(wrong)
        raise _OverError

    def _data(self) -> None:
        if not self._answer("DATA", "354 go on", self._recipient):
            return
        if early := self._meet("content", self._recipient):
            self._say(early)
            raise _OverError
        lines = []
        while (heard := self.heard.readline()) != b".\r\n":
            if not heard:
                raise _OverError
            lines.append(heard[1:] if heard.startswith(b".") else heard)
        content = b"".join(lines)
        if wrong := self._meet("end", self._recipient + content):
            self._say(wrong)
            return
        self._relay.letters.append((self._recipient.decode(), content))
        self._meet("answer", self._recipient)
        self._say("250 2.0.0 taken")
        self._meet("after", self._recipient)

    def _answer(self, step: str, right: str, said: bytes = b"") -> bool:
        """Answer, rightly or wrongly, and return whether it was right."""
        wrong = self._meet(step, said)
        self._say(wrong or right)
        return not wrong

    def _say(self, answer: str) -> None:
        self._line.sendall(f"{answer}\r\n".encode())
        if answer.startswith("421"):
            raise _OverError

    def _meet(self, step: str, said: bytes = b"") -> str:
        """Do what is wrong at this step; return the wrong answer, if it is one."""
        taken = len(self._relay.letters)
        fault = next((f for f in self._relay.faults if f.is_due(step, said, taken)), None)
        if fault is None:
            return ""
        match fault.does:
            case "hang":
                self._let_go.wait(self._relay.hangs_s)
                raise _OverError
            case "drop":
                raise _OverError
            case "reset":
                self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                raise _OverError
            case "drip":
                self._drip()
            case "nonsense":
                return "HTTP/1.1 400 Bad Request"
        return fault.does

    def _drip(self) -> None:
        """Answer without end: one byte now and then."""
        while not self._let_go.wait(0.05):
            self._line.sendall(b"2")
        raise _OverError
