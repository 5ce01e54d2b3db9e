"""Find out which new readers we know already: only the reader key can tell."""

import logging
from datetime import datetime

from django.conf import settings

from tamizdat.letters.delivery import quota
from tamizdat.letters.delivery.openers import openers
from tamizdat.lib.stopping import until_stopped
from tamizdat.readers import actions, addresses, keys
from tamizdat.readers.models import Reader
from tamizdat.readers.opening import OpeningError, open_sealed
from tamizdat.readers.sealing import seal

log = logging.getLogger(__name__)


def merge_readers(_at: datetime) -> int:
    """Give readers without a tag theirs, oldest first, and return how many were merged.

    They pressed a button, so the letters to them are no longer counted. It does nothing while the
    reader key is locked.
    """
    merged = 0
    with openers(settings.NEWSROOM) as unlocked:
        if unlocked.reader is None:
            return 0
        public = keys.reader_public(unlocked.newsroom.keys)
        new = Reader.objects.filter(tag__isnull=True).order_by("pk")
        for pk, sealed in until_stopped(list(new.values_list("pk", "sealed"))):
            try:
                address = open_sealed(bytes(sealed), unlocked.reader)
            except OpeningError:
                log.warning("a reader's address does not open with the reader key")
                continue
            tag = addresses.tag(unlocked.duplicates, address)
            merged += actions.merge(pk, tag, seal(address, public))
            quota.welcome(address, unlocked)
    return merged
