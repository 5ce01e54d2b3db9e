"""What the till does without a visitor."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ParamSpec

from django.db import DatabaseError
from django.db.models import Q

from tamizdat.lib.stopping import until_stopped
from tamizdat.readers import erasing
from tamizdat.readers.erasing import Tables
from tamizdat.support.providers.base import Provider, ProviderError, UnknownError
from tamizdat.support.till import actions
from tamizdat.support.till.models import Cursor, Gift
from tamizdat.support.till.paying import Counterpart, counterpart
from tamizdat.support.till.states import GIVING, NOT_SETTLED

ASK_AFTER = timedelta(minutes=2)  # before, the reader's own request is probably still at it
EXPIRE_AFTER = timedelta(minutes=10)  # no request to the service lives that long

# While a gift is open its row says since when; nothing of that stays once it is settled.
OPENED = Tables(anew=(), clean=("till_gift",))

_P = ParamSpec("_P")

log = logging.getLogger(__name__)


def sweep(at: datetime) -> None:
    """Bring the books and the service together: stop what is to stop, settle, take renewals."""
    reconcile(counterpart(), at)
    erasing.erase_in(actions.books(), OPENED)


def reconcile(ours: Counterpart, at: datetime) -> None:
    """Do what `sweep` does, with this service.

    Stopping comes first, so that a country put on the list today is not charged again
    by a renewal that falls due in the same minute.
    """
    actions.ask_to_stop_listed(ours.newsroom.support.refused_countries)
    actions.put_right(at)
    theirs = Gift.objects.filter(provider=ours.provider.name)
    for gift in until_stopped(theirs.filter(to_stop=True, state__in=GIVING)):
        if not _alone(ours.stop, gift):
            log.warning("a gift that is to stop could not be stopped yet")
    # An expired gift that the service named again is open without a time: it is asked about, too.
    waiting = Q(open_since__isnull=True) | Q(open_since__lte=at - ASK_AFTER)
    for gift in until_stopped(theirs.filter(waiting, state__in=NOT_SETTLED)):
        _alone(_settle, ours.provider, gift, at)
    try:
        _take_changes(ours.provider)
    except ProviderError as error:
        log.warning("%s: %s", ours.provider.name, error)
    actions.forget_failed(at)


def _alone(act: Callable[_P, object], *given: _P.args, **named: _P.kwargs) -> bool:
    """Do this for one gift, and return whether it was done: it must hold up no other.

    Only the kind of error is logged. Its text may quote what stands in the books.
    """
    try:
        return act(*given, **named) is not False
    except DatabaseError as error:
        log.warning("a gift could not be brought up to date: %s", type(error).__name__)
        return False


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
    """Take what changed at the service since we last looked: renewals above all.

    While one of the changes cannot be written all are taken again the next time: that changes
    nothing of the others, and nothing is lost.
    """
    cursor = Cursor.objects.filter(provider=service.name).values_list("cursor", flat=True).first()
    changes = service.since(cursor or "")
    snapshots = until_stopped(changes.snapshots)
    done = [_alone(actions.take, service.name, snapshot) for snapshot in snapshots]
    whole = all(done) and len(done) == len(changes.snapshots)
    if changes.cursor != cursor and whole:
        actions.keep_cursor(service.name, changes.cursor)
