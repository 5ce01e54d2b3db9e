"""Find out which new readers we know already: only the reader key can tell."""

import logging
from contextlib import suppress
from datetime import datetime

from django.conf import settings

from tamizdat.letters.delivery import quota
from tamizdat.letters.delivery.openers import EndedError, Openers, openers
from tamizdat.readers import actions, addresses, keys
from tamizdat.readers.models import Reader
from tamizdat.readers.opening import OpeningError, open_sealed
from tamizdat.readers.sealing import seal

log = logging.getLogger(__name__)


def merge_readers(_at: datetime) -> int:
    """Give readers without a tag theirs, oldest first, and return how many were merged.

    They pressed a button, so the letters to them are no longer counted. It does nothing while the
    reader key is locked, and ends when it is locked meanwhile.
    """
    merged = 0
    with openers(settings.NEWSROOM) as unlocked, suppress(EndedError):
        if unlocked.reader is None:
            return 0
        new = Reader.objects.filter(tag__isnull=True).order_by("pk")
        for pk, sealed in list(new.values_list("pk", "sealed")):
            unlocked.check()
            merged += _merge(pk, bytes(sealed), unlocked)
    return merged


def _merge(pk: int, sealed: bytes, unlocked: Openers) -> bool:
    assert unlocked.reader is not None
    try:
        address = open_sealed(sealed, unlocked.reader)
    except OpeningError:
        log.warning("a reader's address does not open with the reader key")
        return False
    tag = addresses.tag(unlocked.duplicates, address)
    fresh = seal(address, keys.reader_public(unlocked.newsroom.keys))
    merged = actions.merge(pk, tag, fresh)
    quota.welcome(address, unlocked)
    return merged
