"""Stamps: a proof of work on a form, which costs a reader half a second and a flooder a fortune.

The reader's browser looks for a counter such that the hash of kind, day, address, random text
and counter begins with 16 zero bits: about 65,000 tries. No challenge is asked for and nothing
is signed, so the counter needs no secret (docs/adr/0010-stamps-without-a-challenge.md).
docs/reference/stamps.md is the format's description.
"""

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock

ZERO_BITS = 16
REMEMBERED = 100_000

_STAMP = re.compile(
    r"tz1\|(?P<day>\d{4}-\d{2}-\d{2})\|(?P<random>[0-9A-Za-z_-]{8,64})\|(?P<count>\d{1,12})"
)


@dataclass(slots=True)
class Stamps:
    """Judges stamps and remembers which were used, in this process and in bounded memory.

    Once 100,000 are remembered the oldest is forgotten; with three days of validity somebody
    would have to pay for 100,000 new stamps to use one old one again.
    """

    _used: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def accept(self, stamp: str, kind: str, address: str, today: date) -> bool:
        """Return whether the stamp is good for this form, and use it up.

        `today` is the real day in UTC. Yesterday and tomorrow are good too: clocks differ.
        """
        found = _STAMP.fullmatch(stamp)
        if found is None or not _is_near(found["day"], today):
            return False
        sum_ = _sum(kind, address, found)
        return _zero_bits(sum_) >= ZERO_BITS and self._is_new(sum_)

    def _is_new(self, sum_: bytes) -> bool:
        with self._lock:
            if sum_ in self._used:
                return False
            self._used[sum_] = None
            if len(self._used) > REMEMBERED:
                self._used.popitem(last=False)
            return True


def _sum(kind: str, address: str, found: re.Match[str]) -> bytes:
    who = address.strip().lower()
    text = f"tz1|{kind}|{found['day']}|{who}|{found['random']}|{found['count']}"
    return hashlib.sha256(text.encode()).digest()


def _is_near(day: str, today: date) -> bool:
    try:
        return abs(date.fromisoformat(day) - today) <= timedelta(days=1)
    except ValueError:
        return False


def _zero_bits(sum_: bytes) -> int:
    return len(sum_) * 8 - int.from_bytes(sum_, "big").bit_length()
