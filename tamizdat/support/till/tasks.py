"""What the till does without a visitor."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from tamizdat.support.providers.base import Provider, ProviderError, UnknownError
from tamizdat.support.till import actions
from tamizdat.support.till.models import Cursor, Gift
from tamizdat.support.till.paying import Counterpart, counterpart
from tamizdat.support.till.states import GIVING, NOT_SETTLED

ASK_AFTER = timedelta(minutes=2)  # before, the reader's own request is probably still at it
EXPIRE_AFTER = timedelta(minutes=10)  # no request to the service lives that long

log = logging.getLogger(__name__)


def sweep(at: datetime) -> None:
    """Bring the books and the service together: stop what is to stop, settle, take renewals."""
    reconcile(counterpart(), at)


def reconcile(ours: Counterpart, at: datetime) -> None:
    """Do what `sweep` does, with this service.

    Stopping comes first, so that a country put on the list today is not charged again
    by a renewal that falls due in the same minute.
    """
    actions.ask_to_stop_listed(ours.newsroom.support.refused_countries)
    for gift in Gift.objects.filter(to_stop=True, state__in=GIVING):
        if not ours.stop(gift):
            log.warning("a gift that is to stop could not be stopped yet")
    # An expired gift that the service named again is open without a time: it is asked about, too.
    waiting = Q(open_since__isnull=True) | Q(open_since__lte=at - ASK_AFTER)
    for gift in Gift.objects.filter(waiting, state__in=NOT_SETTLED):
        _settle(ours.provider, gift, at)
    try:
        _take_changes(ours.provider)
    except ProviderError as error:
        log.warning("%s: %s", ours.provider.name, error)
    actions.forget_failed(at)


def _settle(service: Provider, gift: Gift, at: datetime) -> None:
    """Find out what became of a gift that was left in the middle."""
    try:
        actions.take(service.name, service.fetch(gift.ref or gift.key))
    except UnknownError:
        if gift.open_since is not None and gift.open_since <= at - EXPIRE_AFTER:
            actions.expire(gift.key)
    except ProviderError as error:
        log.warning("%s: %s", service.name, error)


def _take_changes(service: Provider) -> None:
    """Take what changed at the service since we last looked: renewals above all."""
    cursor = Cursor.objects.filter(provider=service.name).values_list("cursor", flat=True).first()
    changes = service.since(cursor or "")
    for snapshot in changes.snapshots:
        actions.take(service.name, snapshot)
    if changes.cursor != cursor:
        actions.keep_cursor(service.name, changes.cursor)
