"""Wake the work process, and speak with it: a socket in the newsroom's data folder.

A message is a word ("publish", "letters") and perhaps a secret, one per connection. A wake-up
carries no ids and no addresses: what there is to do stands in our own rows. Losing one costs
a minute, so nobody waits for it. The socket's file is 0600 in a folder that is 0700.
"""

import contextlib
import os
import socket
import stat
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from tamizdat.lib.newsroom import Newsroom

NAME = "work.sock"
LONGEST = 4096  # bytes of a message or an answer
PATIENCE_S = 10.0

Answer = Callable[[str, bytearray], str]


class NobodyListensError(Exception):
    """No work process runs for this newsroom."""


def wake(newsroom: Newsroom, word: str) -> bool:
    """Wake the work process and return whether it heard. If not, it works within a minute."""
    try:
        ask(newsroom, word)
    except NobodyListensError:
        return False
    return True


def ask(newsroom: Newsroom, word: str, secret: bytes = b"") -> str:
    """Say a word and perhaps a secret to the work process, and return what it answers.

    Raises:
        NobodyListensError: it does not run, or did not answer within ten seconds.
    """
    try:
        with _folder_door(newsroom.data) as door, socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE_S)
            line.connect(str(door / NAME))
            line.sendall(word.encode() + b"\n" + secret)
            line.shutdown(socket.SHUT_WR)
            return bytes(_hear(line)).decode()
    except OSError as error:
        raise NobodyListensError("The work process does not run.") from error


class Wakes:
    """The listening end, in the work process. Use it as a context.

    `answer` gets each word with its secret and returns one line; it runs in the listening
    thread and should wipe the secret. Every word wakes `wait`.
    """

    def __init__(self, newsroom: Newsroom, answer: Answer) -> None:
        self._folder = newsroom.data
        self._answer = answer
        self._woken = threading.Event()
        self._line = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._listen, name="wakes", daemon=True)

    def __enter__(self) -> Self:
        with _folder_door(self._folder) as door:
            (door / NAME).unlink(missing_ok=True)  # left by a process that was killed
            self._line.bind(str(door / NAME))
            (door / NAME).chmod(stat.S_IRUSR | stat.S_IWUSR)
        self._line.listen(16)
        self._thread.start()
        return self

    def __exit__(self, *_about: object) -> None:
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        self._thread.join(PATIENCE_S)
        (self._folder / NAME).unlink(missing_ok=True)

    def wait(self, seconds: float) -> bool:
        """Wait until woken, at most so long, and return whether somebody woke us.

        Whoever wakes us while we work makes the next wait return at once.
        """
        woken = self._woken.wait(seconds)
        self._woken.clear()
        return woken

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._line.accept()
            except OSError:
                return
            with line, contextlib.suppress(OSError, UnicodeDecodeError):
                self._attend(line)

    def _attend(self, line: socket.socket) -> None:
        line.settimeout(PATIENCE_S)
        if not _same_owner(line):
            return
        heard = _hear(line)
        end = heard.find(b"\n")
        word, secret = heard[:end].decode(), heard[end + 1 :]
        heard[:] = bytes(len(heard))
        line.sendall(self._answer(word, secret).encode())
        self._woken.set()


def _hear(line: socket.socket) -> bytearray:
    """Return all that is said until the other side stops, in memory that can be wiped."""
    heard = bytearray(LONGEST)
    length = 0
    while length < LONGEST and (count := line.recv_into(memoryview(heard)[length:])):
        length += count
    said = heard[:length]
    heard[:] = bytes(LONGEST)
    return said


def _same_owner(line: socket.socket) -> bool:
    """Say whether the other process is ours. Root may read our memory anyway."""
    size = struct.calcsize("3i")
    _pid, owner, _group = struct.unpack(
        "3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    )
    return bool(owner in (0, os.getuid()))


@contextlib.contextmanager
def _folder_door(folder: Path) -> Iterator[Path]:
    """Give the folder a short name: a socket's path may have 107 bytes, a folder's many more."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
