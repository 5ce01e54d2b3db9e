"""What a counter may ask for: few kinds of wishes, each as a reader asks for it the first time.

Whoever holds the counter's machine can seal any record, because the keys that seal are public. So
what the desk did not seal itself (`store.sealed_here`) passes here. Else an erasure of a guessed
address would be believed, or a reminder that says that its reader pressed a button. An address of
which our forms would have made another is none: each spelling of a mailbox would count by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tamizdat.readers.mailboxes.addresses import is_address
from tamizdat.readers.sealing.records import Record

First = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
Addressed = Callable[[str], bool]
LONGEST_LANGUAGE = 12  # letters of a language's code, as in the columns of sign-ups and letters

_firsts: dict[str, tuple[First, Addressed]] = {}


def register(kind: str, first: First, addressed: Addressed = is_address) -> None:
    """Let the counter ask for wishes of a kind. Each app does this once, when it starts.

    `first` returns the details that a first wish can have, and leaves out all others; None where
    they make no sense. `addressed` says whether a form of ours can have sealed such an address.
    """
    _firsts[kind] = first, addressed


def as_asked(record: Record) -> Record | None:
    """Return the record as a reader can have asked for it; None if none can."""
    if record.kind not in _firsts or len(record.language) > LONGEST_LANGUAGE:
        return None
    first, addressed = _firsts[record.kind]
    details = first(record.details) if addressed(record.address) else None
    return None if details is None else replace(record, details=details)
