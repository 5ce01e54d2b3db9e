"""What readers have done for them while nobody looks."""

from datetime import datetime

from django.conf import settings

from tamizdat.readers import actions, collecting, publishing


def sweep(at: datetime) -> None:
    """Collect what the counter took in, forget what nobody confirmed, publish the public keys."""
    collecting.collect(at)
    actions.expire(at)
    publishing.publish_keys(settings.NEWSROOM.keys)
