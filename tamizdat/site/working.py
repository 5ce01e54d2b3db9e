"""What needs no visitor: one round of it, over all rooms, in the order in which it flows."""

import logging
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module

ROOMS = ("readers", "desk", "press", "support.till", "support", "letters")

logger = logging.getLogger(__name__)


def rounds() -> Iterator[str]:
    """Return the rooms that have work to do, in order: what comes in first, letters last."""
    yield from ROOMS


def sweep(at: datetime) -> list[str]:
    """Do what is due in every room and return the rooms where that failed.

    A room that fails stops no other: a relay that is away must not keep an article from
    being published. What failed is still in its rows and is met again by the next round.
    """
    failed = []
    for room in rounds():
        try:
            import_module(f"tamizdat.{room}.tasks").sweep(at)
        except Exception:
            logger.exception("the round failed in %s; it is tried again in the next", room)
            failed.append(room)
    return failed
