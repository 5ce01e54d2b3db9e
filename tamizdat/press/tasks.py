"""What the press does without being asked: the net under publishing, and the work behind it."""

import logging
from datetime import datetime

from django.conf import settings

from tamizdat.lib.alerts import AGAIN, Alert, isolated
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.failures import where
from tamizdat.press.actions import publish, publish_again
from tamizdat.press.related import service
from tamizdat.press.rerender import background

log = logging.getLogger(__name__)


def sweep(at: datetime) -> None:
    """Publish what waits, after a failure or a death, and have stale pages rendered again.

    Old articles are led on to newer ones meanwhile, a few at a time. Each of the three stands
    alone.
    """
    data = settings.NEWSROOM.data
    related = Alert("related-articles", "“Read more” stays as it is.", do=AGAIN)
    with isolated(data, related, at, through=trouble):
        service.refresh()
    try:
        publish_again(at)
    except Exception as error:
        if trouble(error):
            raise
        log.error("The edition was not published, as its alert says: %s", where(error))  # noqa: TRY400  a traceback may hold values
    rerender = Alert("rerender", "Old pages do not get their new look.", do=AGAIN)
    with isolated(data, rerender, at, through=trouble):
        background.go_on(publish)
