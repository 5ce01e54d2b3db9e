"""What both ends of the worker's socket hold to: where it lies, and how a message is sent."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

NAME = "work.sock"
LONGEST = 4096  # bytes of a message or an answer


def say(line: socket.socket, word: str, secret: bytes = b"") -> None:
    """Say one message, and that it is all."""
    line.sendall(word.encode() + b"\n" + secret)
    line.shutdown(socket.SHUT_WR)


def hear(line: socket.socket) -> bytearray:
    """Return all that is said until the other side stops, in memory that can be wiped."""
    heard = bytearray(LONGEST)
    length = 0
    while length < LONGEST and (count := line.recv_into(memoryview(heard)[length:])):
        length += count
    said = heard[:length]
    heard[:] = bytes(LONGEST)
    return said


@contextlib.contextmanager
def folder_door(folder: Path) -> Iterator[Path]:
    """Give the folder a short name: a socket's path may have 107 bytes, a folder's many more."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
