"""Wake the work process, and speak with it: a socket in the newsroom's data folder.

A message is a word ("collect", "letters") and perhaps a secret, one per connection. A wake-up
carries no ids and no addresses: what there is to do stands in our own rows. Losing one costs
a minute, so nobody waits for it. The socket's file is 0600 in a folder that is 0700.
"""

import contextlib
import logging
import os
import socket
import stat
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom

NAME = "work.sock"
LONGEST = 4096  # bytes of a message or an answer
PATIENCE_S = 10.0
HEAR_WITHIN_S = 2.0  # who speaks is on this machine, and says all at once
PAUSE_S = 1.0  # after a failure to listen: no free file, most likely

Answer = Callable[[bytearray], str]

logger = logging.getLogger(__name__)


class NobodyListensError(Exception):
    """No work process runs for this newsroom."""


def wake(newsroom: Newsroom, word: str) -> bool:
    """Wake the work process and return whether one listens. If not, it works within a minute.

    Its answer is not waited for: a visitor waits for whoever wakes it.
    """
    try:
        with _line(newsroom) as line:
            _say(line, word)
    except OSError:
        return False
    return True


def ask(newsroom: Newsroom, word: str, secret: bytes = b"") -> str:
    """Say a word and perhaps a secret to the work process, and return what it answers.

    "" is the answer to a word that nobody answers, and of an answerer that failed.

    Raises:
        NobodyListensError: it does not run, or did not answer within ten seconds.
    """
    try:
        with _line(newsroom) as line:
            _say(line, word, secret)
            return bytes(_hear(line)).decode()
    except OSError as error:
        raise NobodyListensError("The work process does not run.") from error


class WorkerSocket:
    """The listening end, in the work process. Use it as a context.

    The socket belongs to no room: `answers` says who answers which word, from its secret. An
    answerer runs in the listening thread; the secret is wiped after it. Every word is then given
    to `woken`, too. Whatever fails in either, the listening goes on.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        answers: Mapping[str, Answer],
        woken: Callable[[str], None] = lambda _word: None,
    ) -> None:
        self._folder = newsroom.data
        self._answers = answers
        self._woken = woken
        self._ended = threading.Event()
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
        self._ended.set()
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        self._thread.join(HEAR_WITHIN_S)
        (self._folder / NAME).unlink(missing_ok=True)

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                line, _ = self._line.accept()
                with line:
                    self._attend(line)
            except Exception as error:  # noqa: BLE001  without this thread nobody can unlock or lock
                if not self._ended.is_set():
                    logger.warning("A wake-up could not be heard: %s", where(error))
                    self._ended.wait(PAUSE_S if isinstance(error, OSError) else 0)

    def _attend(self, line: socket.socket) -> None:
        if not _same_owner(line):
            return
        line.settimeout(HEAR_WITHIN_S)
        try:
            heard = _hear(line)
        except OSError:
            return  # who began to speak and stopped
        end = heard.find(b"\n")
        word, secret = heard[:end].decode(errors="replace"), heard[end + 1 :]
        heard[:] = bytes(len(heard))
        answer = self._answer(word, secret)
        with contextlib.suppress(OSError):  # who only wakes us has gone
            line.sendall(answer.encode())
        self._woken(word)

    def _answer(self, word: str, secret: bytearray) -> str:
        try:
            return self._answers[word](secret) if word in self._answers else ""
        except Exception as error:  # noqa: BLE001  the fault of one answerer is not another's
            logger.warning("A word to the work process was not answered: %s", where(error))
            return ""
        finally:
            secret[:] = bytes(len(secret))


@contextlib.contextmanager
def _line(newsroom: Newsroom) -> Iterator[socket.socket]:
    """Reach the work process.

    Raises:
        OSError: nobody listens, or so many wait already that no more are let in.
    """
    with _folder_door(newsroom.data) as door, socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_S)
        line.connect(str(door / NAME))
        yield line


def _say(line: socket.socket, word: str, secret: bytes = b"") -> None:
    line.sendall(word.encode() + b"\n" + secret)
    line.shutdown(socket.SHUT_WR)


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
