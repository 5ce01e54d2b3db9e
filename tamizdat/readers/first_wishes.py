"""What a counter may ask for: few kinds of wishes, each as a reader asks for it the first time.

Whoever holds the counter's machine can seal any record, because the keys that seal are public. So
what the desk did not seal itself (`waiting.sealed_here`) passes here. Else an erasure of a guessed
address would be believed, or a reminder that says that its reader pressed a button.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tamizdat.readers.records import Record

First = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]

_firsts: dict[str, First] = {}


def register(kind: str, first: First) -> None:
    """Let the counter ask for wishes of a kind. Each app does this once, when it starts.

    `first` returns the details that a first wish can have, and leaves out all others; None where
    they make no sense.
    """
    _firsts[kind] = first


def as_asked(record: Record) -> Record | None:
    """Return the record as a reader can have asked for it; None if none can."""
    first = _firsts.get(record.kind)
    details = None if first is None else first(record.details)
    return None if details is None else replace(record, details=details)
