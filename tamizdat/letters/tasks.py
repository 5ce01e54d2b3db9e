"""What letters do while nobody looks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tamizdat.letters import delivery, mailbox
from tamizdat.letters.actions import finishing, newsletters
from tamizdat.letters.alerts import alert_letters, delivery_alerts
from tamizdat.letters.delivery import merging, proven_key, sealed_records
from tamizdat.letters.newsletters import offers
from tamizdat.lib.alerts import AGAIN, Alert, isolated
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.processes.stopping import until_stopped
from tamizdat.lib.worker_socket import wake
from tamizdat.readers.privacy import erasing


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that is done in each round. `what` is said if it fails: no other waits for it."""

    name: str
    what: str
    work: Callable[[datetime], object]


def sweep(at: datetime) -> None:
    """Look at sealed records, hand over what is due, forget what is done. Tell the counter, too.

    A round hands over a limited number; while there is more it wakes the loop again, so that
    everything else gets its turn in between.

    Raises:
        django.db.Error: the database is lost; no step can be done.
    """
    steps = (
        _Step("mailbox", "Old letters stay in the mailbox on screen.", _forget_old),
        _Step("newsletters", "The counter does not hear of newsletters.", _publish_offers),
        _Step("policies", "Nobody looks whether there are privacy policies.", _look_for_policies),
        _Step("key", "It is not known yet whether letters.key is ours.", proven_key.prove),
        # A look counts letters before the buttons that were pressed in them.
        _Step("records", "What waits sealed is not looked at.", _look),
        _Step("merging", "New readers are not compared with older ones.", merging.merge_readers),
        _Step("alerts", "No letter about alerts is written.", alert_letters.queue_due),
        _Step("delivery", "No letter is handed over.", _deliver),
        _Step("finishing", "Issues that are sent are not closed.", finishing.finish),
        _Step("erasing", "What was deleted may still lie in the database's files.", _erase),
    )
    for step in until_stopped(steps):
        _carry_out(step, at)


def _carry_out(step: _Step, at: datetime) -> None:
    alert = Alert(f"letters-step-{step.name}", step.what, do=AGAIN)
    # A database that is lost is no step's fault, and is said of the database.
    with isolated(settings.NEWSROOM.data, alert, at, through=trouble):
        step.work(at)


def _forget_old(at: datetime) -> None:
    mailbox.forget(settings.NEWSROOM, at)


def _publish_offers(at: datetime) -> None:
    """Publish what changed elsewhere: the privacy policy, the theme's words."""
    newsletters.publish(settings.NEWSROOM.languages, at.date())


def _look_for_policies(at: datetime) -> None:
    """Say in which languages readers agree to a privacy policy that is not there."""
    newsroom = settings.NEWSROOM
    for language in {*newsroom.languages, *delivery_alerts.of_policies(newsroom.data)}:
        is_ours = language in newsroom.languages
        if is_ours and offers.newsletters(language) and not offers.privacy(language):
            delivery_alerts.no_policy(newsroom.data, language, at)
        else:
            delivery_alerts.policy_is_there(newsroom.data, language)


def _look(at: datetime) -> None:
    if sealed_records.look(at):
        wake(settings.NEWSROOM, "letters")


def _deliver(at: datetime) -> None:
    if delivery.deliver_due(at) >= delivery.AT_ONCE:
        wake(settings.NEWSROOM, "letters")


def _erase(_at: datetime) -> None:
    erasing.erase()
