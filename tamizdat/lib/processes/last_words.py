"""Why a process ends, for whoever keeps it running: one sentence of ours, over a pipe of its own.

What a process writes to its log may hold an error's own words; this never does.
"""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress

VARIABLE = "TAMIZDAT_LAST_WORDS"  # the number of the pipe's end in the process
LONGEST = 2000  # bytes; a pipe takes them without anybody reading


class Ear:
    """Hears one process. Give it `variables` and keep `number` open in it."""

    def __init__(self) -> None:
        self._hears, self.number = os.pipe()
        os.set_blocking(self._hears, False)
        self.variables: Mapping[str, str] = {VARIABLE: str(self.number)}

    def begin(self) -> None:
        """Leave the other end to the process: call it once it was started, or was not."""
        os.close(self.number)

    def end(self) -> str:
        """Return what was said, "" for nothing, and hear no more."""
        said = b""
        with suppress(OSError):  # nothing was said, and what it started holds the pipe still
            said = os.read(self._hears, LONGEST)
        os.close(self._hears)
        return said.decode(errors="ignore")


def say(sentence: str) -> None:
    """Say why this process ends, where somebody hears it."""
    number = os.environ.get(VARIABLE, "")
    with suppress(OSError):
        if number.isdecimal() and stat.S_ISFIFO(os.fstat(int(number)).st_mode):
            os.write(int(number), " ".join(sentence.split()).encode()[:LONGEST])
