"""A circuit breaker: while somebody does not answer, one call at a time waits for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

SLOW = 5.0  # seconds: a call that takes longer is as bad as one that hangs


class OpenError(Exception):
    """The last call hung or was slow, and another is finding out whether that is over."""


class CircuitBreaker:
    """Guards calls to one place, for one process.

    Without it everybody who asks for what the place knows would take a thread for as long as
    we have patience, and those who ask for something else would wait for a thread.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls, self._is_open = 0, False

    @contextmanager
    def call(self) -> Iterator[None]:
        """Make one call inside. A TimeoutError opens the breaker, and so does a slow answer.

        Any other end closes it.

        Raises:
            OpenError: it is open, and another call waits already.
        """
        with self._lock:
            if self._is_open and self._calls:
                raise OpenError
            self._calls += 1
        hung, began = False, monotonic()
        try:
            yield
        except TimeoutError:
            hung = True
            raise
        finally:
            with self._lock:
                self._calls -= 1
                self._is_open = hung or monotonic() - began > SLOW
