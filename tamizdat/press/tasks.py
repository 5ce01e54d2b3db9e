"""What the press does without being asked: the net under publishing, and the work behind it."""

import logging
from datetime import datetime

from django.conf import settings

from tamizdat.lib.alerts import AGAIN, Alert, isolated
from tamizdat.press import behind
from tamizdat.press.actions import publish_again
from tamizdat.press.kin import keeping

log = logging.getLogger(__name__)


def sweep(at: datetime) -> None:
    """Publish what waits, after a failure or a death, and have the reprints go on.

    Old articles are led on to newer ones meanwhile, a few at a time. Each of the three stands
    alone.
    """
    data = settings.NEWSROOM.data
    with isolated(data, Alert("related-articles", "“Read more” stays as it is.", do=AGAIN), at):
        keeping.refresh()
    try:
        publish_again(at)
    except Exception:  # its alert says why (trouble.py)
        log.exception("the edition could not be published; it is tried again every minute")
    with isolated(data, Alert("rerender", "Old pages do not get their new look.", do=AGAIN), at):
        behind.go_on()
