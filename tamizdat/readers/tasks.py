"""What readers have done for them while nobody looks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tamizdat.lib.alerts import AGAIN, Alert, isolated
from tamizdat.lib.database_trouble import trouble
from tamizdat.readers import actions, publishing
from tamizdat.readers.mailboxes import unanswered
from tamizdat.readers.sealed_records import store
from tamizdat.readers.submissions import collecting


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that is done in each round. `what` is said if it fails: no other waits for it."""

    name: str
    what: str
    work: Callable[[datetime], object]


def sweep(at: datetime) -> None:
    """Change keys, collect what the counter took in, forget what is over.

    What is over is forgotten though the counter's database is away: that was promised. Sign-ups
    wait for a few days then, because their confirmations may lie there (`actions.expire`).

    Raises:
        django.db.Error: a database is away; what does not need it is done.
    """
    lost: list[Exception] = []
    for step in STEPS:
        try:
            _carry_out(step, at)
        except Exception as error:  # noqa: BLE001  of a lost database, which an alert names anyway
            lost.append(error)
    if lost:
        raise lost[0]


def _carry_out(step: _Step, at: datetime) -> None:
    alert = Alert(f"readers-step-{step.name}", step.what, do=AGAIN)
    with isolated(settings.NEWSROOM.data, alert, at, through=trouble):
        step.work(at)


def _change_keys(at: datetime) -> None:
    publishing.change_keys(settings.NEWSROOM, at)


def _expire(at: datetime) -> None:
    actions.expire(settings.NEWSROOM.keys, at)


def _give_replies(_at: datetime) -> None:
    store.give_replies(settings.NEWSROOM.keys)


STEPS = (
    _Step("keys", "The unattended key is not changed.", _change_keys),
    _Step("collecting", "Not all that readers sent is collected.", collecting.collect),
    _Step("expiring", "Sign-ups that are over are not forgotten.", _expire),
    _Step("replies", "Notes of letters can be told from other records.", _give_replies),
    _Step("purging", "Copies that are over are not deleted.", store.purge),
    _Step("counting", "Counts that are over are not forgotten.", unanswered.forget_over),
)
