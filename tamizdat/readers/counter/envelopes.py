"""Put an envelope into the counter's box. It is the only thing the counter ever writes."""

import json
from collections.abc import Mapping
from typing import Any

from tamizdat.lib import clock
from tamizdat.lib.wake import wake
from tamizdat.readers.counter.models import Envelope

LONGEST = 16_384  # characters of a payload


def take_in(kind: str, payload: Mapping[str, Any]) -> None:
    """Keep what a reader asked for, until the desk collects it.

    Put nothing into `payload` that this machine may not know later: addresses only sealed,
    tokens only as their hashes.

    Raises:
        ValueError: the payload is larger than any form of ours makes it.
    """
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    if len(text) > LONGEST:
        raise ValueError(f"an envelope of kind {kind!r} is too large")
    Envelope(kind=kind, day=clock.now().date(), payload=text).save(force_insert=True)
    _ring()


def _ring() -> None:
    """Wake the desk where it runs on this machine; elsewhere it comes within a minute."""
    from django.conf import settings

    wake(settings.NEWSROOM, "collect")
