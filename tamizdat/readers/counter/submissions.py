"""Put a submission into the counter's box. It is the only thing the counter ever writes."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import OperationalError, connections, router

from tamizdat.lib import clock
from tamizdat.lib.worker_socket import wake
from tamizdat.readers.counter.models import Envelope

LONGEST = 16_384  # characters of a payload
MOST_BYTES = 4 * LONGEST  # of a payload in UTF-8


class InDoubtError(Exception):
    """The database went away while it kept a submission. It may stand there or not."""


def take_in(kind: str, payload: Mapping[str, Any]) -> None:
    """Keep what a reader asked for, until the desk collects it.

    Put nothing into `payload` that this machine may not know later: addresses only sealed,
    tokens only as their hashes.

    Raises:
        ValueError: the payload is larger than any form of ours makes it.
        InDoubtError: nobody knows whether it was kept.
        Error: it was not kept.
    """
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    if len(text) > LONGEST:
        raise ValueError(f"a submission of kind {kind!r} is too large")
    _insert(Envelope(kind=kind, day=clock.now().date(), payload=text))
    _ring()


def _insert(submission: Envelope) -> None:
    connection = connections[router.db_for_write(Envelope)]
    connection.cursor().close()  # a database that is away is met here, before anything is said
    try:
        submission.save(force_insert=True)
    except OperationalError as error:
        if connection.is_usable():  # so it answered, and what it answered is no
            raise
        connection.close()
        raise InDoubtError from error


def _ring() -> None:
    """Wake the desk where it runs on this machine; elsewhere it comes within a minute."""
    from django.conf import settings

    wake(settings.NEWSROOM, "collect")
