"""What the press does without being asked: the net under publishing on the spot."""

from datetime import datetime

from tamizdat.press.actions import publish
from tamizdat.press.kin import keeping
from tamizdat.press.models import Change


def sweep(at: datetime) -> None:
    """Publish what waits: after a failure, or where old articles lead on to newer ones."""
    keeping.refresh()
    if Change.objects.exists():
        publish(at=at)
