"""Collect what the counter took in: each submission's effect once, then the submission is gone."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tamizdat.lib.alerts import Alert, clear, raise_alert, standing
from tamizdat.lib.each_alone import EachAlone
from tamizdat.lib.processes.stopping import stopping, until_stopped
from tamizdat.lib.shallow_json import loads
from tamizdat.readers.counter.models import Envelope as Row
from tamizdat.readers.models import Collected
from tamizdat.readers.submissions import registry
from tamizdat.readers.submissions.malformed_rows import delete_malformed_rows
from tamizdat.readers.submissions.registry import Submission, UnreadableError

log = logging.getLogger(__name__)
AT_ONCE = 500
ALERT = "submissions-"  # how the keys of alerts begin that are about submissions of one kind
UNKNOWN = f"{ALERT}unknown"  # what the public side calls a kind may be anything


def collect(at: datetime) -> int:
    """Act on all submissions and return on how many.

    A crash at any instant loses none and repeats none: an effect and the note that it was had
    are one transaction, and the submission is deleted after it. One that fails stays where it is
    and keeps no other waiting; an alert names its kind and the cause.

    Raises:
        django.db.Error: a database is lost; the next round goes on.
    """
    delete_malformed_rows()
    tried: dict[str, EachAlone] = defaultdict(EachAlone)
    done = 0
    for rows in _in_order(registry.kinds()):
        finished: list[UUID] = []
        for row in until_stopped(rows):
            with tried[row.kind].one(row.pk) as attempt:
                _act_on(row, at)
            if not attempt.failed:
                finished.append(row.pk)
        _clear_away(finished)
        done += len(finished)
        if stopping():
            return done  # not all were tried
    _tell(settings.NEWSROOM.data, tried, at)
    return done


def waiting(kind: str) -> Iterator[Submission]:
    """Yield the submissions of a kind that the counter took in and nobody could act on yet.

    Raises:
        django.db.Error: the counter's database is away.
    """
    for rows in _in_order([kind]):
        for row in rows:
            with suppress(UnreadableError):
                yield _read(row)


def _in_order(kinds: Collection[str]) -> Iterator[list[Row]]:
    """Yield the submissions of these kinds, each once, in portions.

    Those of unknown kinds are not loaded: whoever broke into a counter can make as many as they
    like.
    """
    known = Row.objects.filter(kind__in=kinds).order_by("day", "pk")
    rows = list(known[:AT_ONCE])
    while rows:
        yield rows
        last = rows[-1]
        later = Q(day__gt=last.day) | Q(day=last.day, pk__gt=last.pk)
        rows = list(known.filter(later)[:AT_ONCE])


def _act_on(row: Row, at: datetime) -> None:
    """Have this submission's effect, unless it was had already."""
    handler = registry.handler(row.kind)
    assert handler is not None
    try:
        with transaction.atomic():
            _, is_new = Collected.objects.get_or_create(envelope=row.pk, defaults={"day": row.day})
            if is_new:
                handler(_read(row), at)
    except UnreadableError as error:
        log.warning("a submission was thrown away: %s", str(error))  # ours: a kind and a field


def _tell(data: Path, tried: Mapping[str, EachAlone], at: datetime) -> None:
    """Raise an alert for each kind of which some wait, and clear those that are over."""
    for kind, each in tried.items():
        what = f"What readers sent waits: {{failed}} submissions of the kind “{kind}”."
        do = "They are kept and tried again every minute. If it stays so, report the cause."
        each.tell(data, Alert(_key(kind), what, "", do), at)
    kept = {_key(kind) for kind in tried}
    if unknown := Row.objects.exclude(kind__in=registry.kinds()).count():
        what = f"{unknown} submissions are of a kind that this program does not know."
        do = (
            "They are kept. Where the counter's program is newer, update the desk's. If both are "
            "the same, somebody else writes into the counter's database: take the counter down."
        )
        raise_alert(data, Alert(UNKNOWN, what, "", do), at)
        kept.add(UNKNOWN)
    for alert in standing(data):
        if alert.key.startswith(ALERT) and alert.key not in kept:
            clear(data, alert.key)


def _key(kind: str) -> str:
    return ALERT + kind.replace("_", "-")


def _read(row: Row) -> Submission:
    try:
        payload = loads(row.payload)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise UnreadableError(f"{row.kind}: no object")
    if not _can_be_kept(payload):
        raise UnreadableError(f"{row.kind}: characters")
    return Submission(row.pk, row.kind, row.day, payload)


def _can_be_kept(payload: Mapping[str, Any]) -> bool:
    """Say whether a database takes all texts in it: JSON can hold half a character, and NUL."""
    try:
        return not any(b"\0" in text.encode() for text in _texts(payload))
    except UnicodeEncodeError:
        return False


def _texts(said: Any) -> Iterator[str]:
    """Yield every text in what JSON can hold, the names of fields among them."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for each in said.items():
            yield from _texts(list(each))
    elif isinstance(said, list):
        for each in said:
            yield from _texts(each)


def _clear_away(keys: Iterable[UUID]) -> None:
    Row.objects.filter(pk__in=keys).delete()
    Collected.objects.filter(pk__in=keys).delete()
