"""What readers have done for them while nobody looks."""

from datetime import datetime

from tamizdat.readers import actions, collecting


def sweep(at: datetime) -> None:
    """Collect what the counter took in, and forget what nobody confirmed."""
    collecting.collect(at)
    actions.expire(at)
