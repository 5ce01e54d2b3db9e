"""What the desk does without anybody at it."""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page, Revision

from tamizdat.desk import variants
from tamizdat.desk.actions.pictures import forget_unfinished
from tamizdat.desk.models import Picture
from tamizdat.desk.searching.forgetting import forget_what_went
from tamizdat.lib.stopping import until_stopped

logger = logging.getLogger(__name__)
GRACE = timedelta(days=1)  # before a picture's files may be called orphans
EVERY = timedelta(days=1)  # so often is looked for what is dead


def sweep(at: datetime) -> None:
    """Publish what was held until now, take down what has ended, tidy away what is dead.

    Each page stands alone: one that may not be published (a photo lost its credit
    meanwhile) stays held, is named in the log, and is tried again.
    """
    for page in until_stopped(Page.objects.filter(live=True, expire_at__lte=at).specific()):
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in until_stopped(_due(at)):
        _release(revision, at)
    _tidy(at)


def _tidy(at: datetime) -> None:
    """Delete files of pictures that are gone or were never finished, and forget deleted words.

    Once a day: it looks at every file there is, and at all words.
    """
    if variants.is_tidy(since=(at - EVERY).timestamp()):
        return
    digests = set(Picture.objects.values_list("digest", flat=True))
    variants.tidy(digests, before=(at - GRACE).timestamp())
    forget_unfinished(before=at - GRACE)
    forget_what_went()
    variants.note_tidy(at.timestamp())


def _due(at: datetime) -> list[Revision]:
    rows = Revision.objects.filter(approved_go_live_at__lte=at)
    return list(rows.order_by("approved_go_live_at"))


def _release(revision: Revision, at: datetime) -> None:
    """Publish a held revision as of `at`, which in a demonstration is not the machine's time."""
    try:
        with transaction.atomic():
            Page.objects.filter(pk=revision.object_id, first_published_at=None).update(
                first_published_at=at
            )
            # Held no longer: the CMS would hold it again by the machine's clock.
            revision.content["go_live_at"] = None
            revision.publish(log_action="wagtail.publish.scheduled")
    except ValidationError as error:
        logger.warning(
            "Page %s stays held, readers would miss something: %s",
            revision.object_id,
            " ".join(error.messages),
        )
