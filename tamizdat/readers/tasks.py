"""What readers have done for them while nobody looks."""

from datetime import datetime

from django.conf import settings

from tamizdat.readers import actions, collecting, publishing, waiting


def sweep(at: datetime) -> None:
    """Change keys, collect what the counter took in, forget what is over."""
    publishing.change_keys(settings.NEWSROOM.keys, at)
    collecting.collect(at)
    actions.expire(at)
    waiting.purge(at)
