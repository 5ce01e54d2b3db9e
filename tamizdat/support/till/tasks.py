"""What the till does without a visitor."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from tamizdat.lib.alerts import Alert, clear, raise_alert
from tamizdat.lib.each_alone import EachAlone
from tamizdat.lib.failures import where
from tamizdat.lib.processes.stopping import stopping, until_stopped
from tamizdat.readers.privacy import erasing
from tamizdat.readers.privacy.erasing import Tables
from tamizdat.support.providers.base import Provider, ProviderError, UnknownError
from tamizdat.support.till import actions
from tamizdat.support.till.models import Contribution, Cursor
from tamizdat.support.till.paying import Checkout, checkout
from tamizdat.support.till.states import GIVING, NOT_SETTLED

ASK_AFTER = timedelta(minutes=2)  # before, the reader's own request is probably still at it
EXPIRE_AFTER = timedelta(minutes=10)  # no request to the service lives that long

# While a contribution is open its row says since when; nothing of that stays once it is settled.
OPENED = Tables(anew=(), clean=("till_contribution",))

AWAY = "payment-service"
AGAIN = "It is tried again every minute, and nothing is lost. If it stays so, report the cause."
CONTRIBUTIONS = Alert(
    "contributions-wait",
    "The books could not be brought up to date for {failed} contributions.",
    "",
    f"They wait alone. {AGAIN}",
)
STEPS = Alert(
    "till-steps", "{failed} steps of comparing the books with the payment service fail.", "", AGAIN
)
#: The keys of all that is told here.
ALERTS = {AWAY, CONTRIBUTIONS.key, STEPS.key}


class NotStoppedError(Exception):
    """The service did not stop a contribution that is to stop: it does not answer, or says no."""


def sweep(at: datetime) -> None:
    """Bring the books and the service together: stop what is to stop, settle, take renewals."""
    try:
        reconcile(checkout(), at)
    finally:
        erasing.erase_in(actions.books(), OPENED)


def reconcile(ours: Checkout, at: datetime) -> None:
    """Do what `sweep` does, with this service.

    Stopping comes first, so that a country put on the list today is not charged again
    by a renewal that falls due in the same minute. A step that fails holds up no other, and a
    contribution that fails no other contribution: an alert tells how many wait.
    """
    contributions = EachAlone()
    steps: tuple[Callable[[], object], ...] = (
        partial(actions.ask_to_stop_listed, ours.newsroom.support.refused_countries),
        partial(actions.put_right, at),
        partial(_stop, ours, contributions),
        partial(_settle_open, ours, contributions, at),
        partial(_take_changes, ours, contributions, at),
        partial(actions.forget_failed, at),
    )
    steps_alone = EachAlone()
    for number, step in enumerate(steps):
        with steps_alone.one(number):
            step()
    if not stopping():
        contributions.tell(ours.newsroom.data, CONTRIBUTIONS, at)
        steps_alone.tell(ours.newsroom.data, STEPS, at)


def _stop(ours: Checkout, contributions: EachAlone) -> None:
    theirs = Contribution.objects.filter(provider=ours.provider.name)
    for contribution in until_stopped(theirs.filter(to_stop=True, state__in=GIVING)):
        with contributions.one(contribution.key):
            if not ours.stop(contribution):
                raise NotStoppedError


def _settle_open(ours: Checkout, contributions: EachAlone, at: datetime) -> None:
    """Find out what became of all contributions that were left in the middle."""
    # An expired contribution that the service named again is open without a time: it is asked
    # about, too.
    waiting = Q(open_since__isnull=True) | Q(open_since__lte=at - ASK_AFTER)
    theirs = Contribution.objects.filter(
        waiting, provider=ours.provider.name, state__in=NOT_SETTLED
    )
    for contribution in until_stopped(theirs):
        with contributions.one(contribution.key):
            _settle(ours.provider, contribution, at)


def _settle(service: Provider, contribution: Contribution, at: datetime) -> None:
    """Find out what became of a contribution that was left in the middle."""
    try:
        actions.apply_snapshot(service.name, service.fetch(contribution.ref or contribution.key))
    except UnknownError:
        if contribution.open_since is not None and contribution.open_since <= at - EXPIRE_AFTER:
            actions.expire(contribution.key)


def _take_changes(ours: Checkout, contributions: EachAlone, at: datetime) -> None:
    """Take what changed at the service since we last looked: renewals above all.

    While one of the changes cannot be written all are taken again the next time: that changes
    nothing of the others, and nothing is lost.
    """
    service, data = ours.provider, ours.newsroom.data
    cursor = Cursor.objects.filter(provider=service.name).values_list("cursor", flat=True).first()
    try:
        changes = service.since(cursor or "")
    except ProviderError as error:
        raise_alert(data, _away(service, error), at)
        return
    clear(data, AWAY)
    done = []
    for snapshot in until_stopped(changes.snapshots):
        with contributions.one(snapshot.key) as attempt:
            actions.apply_snapshot(service.name, snapshot)
        done.append(not attempt.failed)
    whole = all(done) and len(done) == len(changes.snapshots)
    if changes.cursor != cursor and whole:
        actions.keep_cursor(service.name, changes.cursor)


def _away(service: Provider, error: ProviderError) -> Alert:
    return Alert(
        AWAY,
        f"The payment service ({service.name}) does not say what changed there.",
        do="Nothing is lost: it is asked again every minute. If it stays so, look whether the "
        "service is up, and whether its key is still good.",
        cause=where(error),
    )
