"""The listening end of the worker's socket, in the work process."""

import contextlib
import logging
import os
import socket
import stat
import struct
import threading
from collections.abc import Callable, Mapping
from typing import Self

from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.worker_socket.protocol import NAME, folder_door, hear

HEAR_WITHIN_S = 2.0  # who speaks is on this machine, and says all at once
PAUSE_S = 1.0  # after a failure to listen: no free file, most likely

Answer = Callable[[bytearray], str]

logger = logging.getLogger(__name__)


class WorkerSocket:
    """The listening end. Use it as a context.

    `answers` says who answers which word, from its secret. An
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
        with folder_door(self._folder) as door:
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
            heard = hear(line)
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


def _same_owner(line: socket.socket) -> bool:
    """Say whether the other process is ours. Root may read our memory anyway."""
    size = struct.calcsize("3i")
    _pid, owner, _group = struct.unpack(
        "3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    )
    return bool(owner in (0, os.getuid()))
