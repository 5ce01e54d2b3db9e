"""What support does without a visitor. Its letters leave through sealed records and the outbox."""

from datetime import datetime

from tamizdat.support import actions


def sweep(_at: datetime) -> None:
    """Tell the counter what changed."""
    actions.tell_counter()
