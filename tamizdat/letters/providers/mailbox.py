"""The mailbox on screen: real messages as files in a folder, instead of a relay."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from tamizdat.letters.providers.base import Evidence, Message, Transport
from tamizdat.lib.replacing import replace

LENGTH = 2**16  # bytes; most letters are shorter


class Mailbox(Transport):
    """Writes each message whole into a file named by its Message-ID.

    A crash between writing and our note of it is found out by the file's being there; and
    writing a message again would only write the same file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """There is one."""
        return "mailbox"

    def _hand_over(self, message: Message, _leaving: Callable[[], None], /) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        replace(self._path(message.message_id), message.content)

    def _check(self, _sender: str, /) -> None:
        """Write a file of a letter's length and delete it."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        probe = self._folder / "probe"
        try:
            replace(probe, bytes(LENGTH))
        finally:
            probe.unlink(missing_ok=True)

    def evidence(self, message_id: str, /) -> Evidence:
        """Look whether the file is there: this transport always knows."""
        there = self._path(message_id).exists()
        return Evidence.HANDED_OVER if there else Evidence.NOT_HANDED_OVER

    def _path(self, message_id: str) -> Path:
        return self._folder / f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.eml"
