"""The last good answer to a question, asked again when it is old."""

import threading
import time
from collections.abc import Callable
from typing import Any

SOON_S = 2.0  # where there is no answer at all yet
MOMENT_S = 0.5  # what somebody waits for a newer answer than there is


class Remembered:
    """What a slow or broken source said last, in the memory of this process.

    `ask` returns None when there is no answer; then the last one goes on being used. An answer
    is at most `every_s` seconds old when the source is well. `now` counts seconds.
    """

    def __init__(
        self,
        ask: Callable[[str], Any | None],
        every_s: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._every_s = every_s
        self._now = now
        self._asking = threading.Lock()
        self._said: dict[str, Any] = {}
        self._again: dict[str, float] = {}  # when to ask the next time

    def get(self, name: str) -> Any | None:
        """Return the last good answer, None only if there never was one.

        Where an answer has grown old, a thread aside asks for a newer one: a source that hangs
        costs nobody more than a moment. The source is waited for only where there is no answer,
        or where it is known that there is a newer one (`forget`).
        """
        if self._is_due(name):
            if name in self._said and name in self._again:
                self._ask_aside(name)
            else:
                with self._asking:
                    self._renew(name)
        return self._said.get(name)

    def forget(self, name: str) -> None:
        """Ask again at the next question, without forgetting the answer."""
        self._again.pop(name, None)

    def _ask_aside(self, name: str) -> None:
        if not self._asking.acquire(blocking=False):
            return  # somebody asks already
        aside = threading.Thread(target=self._renew_aside, args=(name,), daemon=True)
        aside.start()
        aside.join(MOMENT_S)

    def _renew_aside(self, name: str) -> None:
        try:
            self._renew(name)
        finally:
            self._asking.release()

    def _is_due(self, name: str) -> bool:
        return self._now() >= self._again.get(name, float("-inf"))

    def _renew(self, name: str) -> None:
        if not self._is_due(name):  # another thread asked while we waited
            return
        answer = self._ask(name)
        if answer is not None:
            self._said[name] = answer
        self._again[name] = self._now() + (self._every_s if name in self._said else SOON_S)
