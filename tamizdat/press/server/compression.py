"""How what the front serves is packed: quickly at first, tightly in the background.

Tight packing takes 0.05 s a page. Nobody waits for that, and a robot that reads the whole
archive once never causes it: a page is packed tightly when it is asked for again.
"""

import gzip
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue

import brotli

QUICK = 5  # of Brotli: 2 ms a page, and smaller than any gzip
TIGHT = 11  # of Brotli: a tenth smaller still
GZIP = 6
WORTH_COMPRESSING = 512  # bytes
LAST_IN_LINE = 19  # nice: readers are served before pages are packed
MOST_WAITING = 256
IDLE_S = 5.0

Job = tuple[bytes, Callable[[bytes], None]]


def compress_quickly(content: bytes, coding: str) -> bytes:
    """Return bytes in the content coding "br" or "gzip"."""
    if coding == "br":
        return bytes(brotli.compress(content, quality=QUICK))
    return gzip.compress(content, GZIP, mtime=0)


class Compressor:
    """One thread, there while there is something to pack tightly."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._waiting: Queue[Job] = Queue(most_waiting)
        self._lock = threading.Lock()
        self._works = False

    def ask(self, content: bytes, done: Callable[[bytes], None]) -> bool:
        """Have bytes packed with Brotli and given to `done`, in another thread.

        Returns:
            False when too many wait: ask again another time.
        """
        with suppress(Full):
            self._waiting.put_nowait((content, done))
            self._see_to_it()
            return True
        return False

    def _see_to_it(self) -> None:
        with self._lock:
            if not self._works:
                self._works = True
                threading.Thread(target=self._work, name="packer", daemon=True).start()

    def _work(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LAST_IN_LINE)
        while True:
            try:
                content, done = self._waiting.get(timeout=IDLE_S)
            except Empty:
                with self._lock:
                    if self._waiting.empty():
                        self._works = False
                        return
                continue
            done(bytes(brotli.compress(content, quality=TIGHT)))
