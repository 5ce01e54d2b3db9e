"""A letter's Message-ID: random, and known for as long as a repetition must carry the same one.

It is made of nothing. A relay's log holds addresses beside Message-IDs, and is kept for months
where the relay is somebody else's. Made of what the letter is about, as it once was, a Message-ID
led from there to the reader's row, for whoever had `letters.key`.
"""

import base64
import secrets
from datetime import datetime, timedelta

KEPT = 2  # calendar days: a Message-ID is known for 24 to 48 hours


def fresh(sender: str, at: datetime) -> str:
    """Return a new Message-ID, with its angle brackets, for a letter from this address.

    It begins with the day, as the letter's header "Date" does.
    """
    domain = sender.rpartition("@")[2] or "localhost"
    return f"{_begin(at)}{base64.b32encode(secrets.token_bytes(25)).decode().lower()}@{domain}>"


def young(at: datetime) -> tuple[str, ...]:
    """Return how those Message-IDs begin that may still be known."""
    return tuple(_begin(at - timedelta(days=days)) for days in range(KEPT))


def _begin(at: datetime) -> str:
    return f"<{at:%Y%m%d}."
