"""What the press does without being asked: the net under publishing, and the work behind it."""

from datetime import datetime

from tamizdat.press import behind
from tamizdat.press.actions import publish_waiting
from tamizdat.press.kin import keeping


def sweep(at: datetime) -> None:
    """Publish what waits, after a failure or a death, and have the reprints go on.

    Old articles are led on to newer ones meanwhile, a few at a time.
    """
    keeping.refresh()
    publish_waiting(at=at)
    behind.go_on()
