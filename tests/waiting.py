"""Wait for what another process is going to do."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 60.0

Given = TypeVar("Given")


def at_last(ask: Callable[[], Given], patience_s: float = PATIENCE_S) -> Given:
    """Ask again and again, and return the first answer that is true; at the end the last one."""
    until = time.monotonic() + patience_s
    while not (given := ask()) and time.monotonic() < until:
        time.sleep(0.1)
    return given
