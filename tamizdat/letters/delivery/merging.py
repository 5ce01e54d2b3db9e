"""Find out which new readers we know already: only the reader key can tell."""

import logging
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tamizdat.letters.delivery import quota
from tamizdat.letters.delivery.round_keys import EndedError, RoundKeys, round_keys
from tamizdat.lib.alerts import Alert
from tamizdat.lib.each_alone import EachAlone
from tamizdat.readers import actions
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.mailboxes import addresses
from tamizdat.readers.models import Reader
from tamizdat.readers.sealing import seal
from tamizdat.readers.sealing.opening import OpeningError, open_sealed

WAITING = Alert(
    "readers-to-merge",
    "{failed} new readers could not be compared with older ones.",
    "",
    "Whoever is on record twice gets two letters. It is tried again every minute while the reader "
    "key is unlocked. If it stays so, report the cause.",
)
log = logging.getLogger(__name__)


def merge_readers(at: datetime) -> int:
    """Give readers without a tag theirs, oldest first, and return how many were merged.

    They pressed a button, so the letters to them are no longer counted. It does nothing while the
    reader key is locked, and ends when it is locked meanwhile. A reader with whom it fails waits,
    and holds up no other.
    """
    merged, tried = 0, EachAlone()
    with round_keys(settings.NEWSROOM) as unlocked, suppress(EndedError):
        if unlocked.reader is None:
            return 0
        new = Reader.objects.filter(tag__isnull=True).order_by("pk")
        for pk, sealed in list(new.values_list("pk", "sealed")):
            unlocked.check()
            with tried.one(pk), transaction.atomic():
                merged += _merge(pk, bytes(sealed), unlocked)
        tried.tell(settings.NEWSROOM.data, WAITING, at)
    return merged


def _merge(pk: int, sealed: bytes, unlocked: RoundKeys) -> bool:
    assert unlocked.reader is not None
    try:
        address = open_sealed(sealed, unlocked.reader)
    except OpeningError:
        log.warning("a reader's address does not open with the reader key")
        return False
    tag = addresses.tag(unlocked.duplicates, address)
    fresh = seal(address, founded_keys.reader_public(unlocked.newsroom.keys))
    if not addresses.is_address(address):
        return actions.merge_forged(pk, tag, fresh)
    merged = actions.merge(pk, tag, fresh)
    quota.welcome(address, unlocked)
    return merged
