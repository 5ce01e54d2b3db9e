"""Collect what the counter took in: each envelope's effect once, then the envelope is gone."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tamizdat.lib.stopping import stopping, until_stopped
from tamizdat.readers import envelopes
from tamizdat.readers.counter.models import Envelope as Row
from tamizdat.readers.envelopes import Envelope, UnreadableError
from tamizdat.readers.models import Collected

log = logging.getLogger(__name__)
AT_ONCE = 500


def collect(at: datetime) -> int:
    """Act on all envelopes and return on how many.

    A crash at any instant loses none and repeats none: an effect and the note that it was had
    are one transaction, and the envelope is deleted after it. One that fails stays where it is,
    is named in the log by its kind and the error's, and keeps no other waiting.
    """
    failed: list[UUID] = []
    done = 0
    while rows := list(Row.objects.exclude(pk__in=failed).order_by("day", "pk")[:AT_ONCE]):
        finished = [row for row in until_stopped(rows) if _act_on(row, at)]
        failed += [row.pk for row in rows if row not in finished]
        _clear_away(finished)
        done += len(finished)
        if stopping():
            break
    return done


def _act_on(row: Row, at: datetime) -> bool:
    """Have this envelope's effect, unless it was had already, and say whether it may go."""
    handler = envelopes.handler(row.kind)
    if handler is None:
        log.warning("nobody acts on envelopes of kind %s", row.kind)
        return False
    try:
        with transaction.atomic():
            _, is_new = Collected.objects.get_or_create(envelope=row.pk, defaults={"day": row.day})
            if is_new:
                handler(_read(row), at)
    except UnreadableError as error:
        log.warning("an envelope was thrown away: %s", str(error))  # ours: a kind and a field
    except Exception as error:  # noqa: BLE001  one bad envelope must not stop the others
        log.error("an envelope of kind %s waits: %s", row.kind, type(error).__name__)  # noqa: TRY400  a traceback may hold what is sealed
        return False
    return True


def _read(row: Row) -> Envelope:
    try:
        payload = json.loads(row.payload)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise UnreadableError(f"{row.kind}: no object")
    return Envelope(row.pk, row.kind, row.day, payload)


def _clear_away(rows: Iterable[Row]) -> None:
    keys = [row.pk for row in rows]
    Row.objects.filter(pk__in=keys).delete()
    Collected.objects.filter(pk__in=keys).delete()
