"""Proofs of work on a form: what they cost is hashes, and this says how many.

`tz1` is for every page: the reader's browser makes it while the reader types, and nobody is
asked anything before (docs/adr/0010-stamps-without-a-challenge.md). `tz2` costs what an answer
page asked (docs/adr/0011-buckets-and-a-price.md). docs/reference/proof-of-work.md describes both.
"""

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock

BASE_BITS = 16
BASE = 2**BASE_BITS  # hashes, on average, for a `tz1`
REMEMBERED = 100_000

_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_RANDOM = r"(?P<random>[0-9A-Za-z_-]{8,64})"
_BASE = re.compile(rf"tz1\|{_DAY}\|{_RANDOM}\|(?P<count>[0-9]{{1,12}})")
_PRICED = re.compile(
    rf"tz2\|{_DAY}\|{_RANDOM}\|(?P<price>[1-9][0-9]{{0,8}})\|(?P<count>[0-9]{{1,10}})"
)


@dataclass(frozen=True, slots=True)
class Work:
    """Work that was done: how many hashes it costs on average, and what it was done for.

    `name` is the same for everything that may be used only once: a `tz1` itself, a `tz2`'s
    random text. `is_priced` says that an answer page has to have asked for it.
    """

    hashes: int
    name: str
    is_priced: bool


def work(proof: str, kind: str, subject: str, today: date) -> Work | None:
    """Return the work that a form's proof shows, None if it shows none.

    Args:
        proof: The form's field `stamp`.
        kind: The form's.
        subject: What the form is about: the address, "" where it has none.
        today: The real day in UTC. Yesterday and tomorrow are good, too: clocks differ.
    """
    about = subject.strip().lower()
    found = _BASE.fullmatch(proof)
    if found and _is_near(found["day"], today):
        return _base(found, kind, about)
    found = _PRICED.fullmatch(proof)
    if found and _is_near(found["day"], today):
        return _priced(found, kind, about)
    return None


def _base(found: re.Match[str], kind: str, about: str) -> Work | None:
    text = f"tz1|{kind}|{found['day']}|{about}|{found['random']}|{found['count']}"
    sum_ = hashlib.sha256(text.encode()).digest()
    if int.from_bytes(sum_[:4], "big") >> (32 - BASE_BITS):
        return None
    return Work(BASE, sum_.hex(), is_priced=False)


def _priced(found: re.Match[str], kind: str, about: str) -> Work | None:
    """Judge a `tz2`: the text is hashed once, so each try costs the same one block."""
    price, count = int(found["price"]), int(found["count"])
    if count >= 2**32:
        return None
    text = f"tz2|{kind}|{found['day']}|{about}|{found['random']}|{price}"
    start = hashlib.sha256(text.encode()).digest()
    sum_ = hashlib.sha256(start + count.to_bytes(4, "big")).digest()
    if int.from_bytes(sum_[:4], "big") * price >= 2**32:
        return None
    return Work(price, found["random"], is_priced=True)


def _is_near(day: str, today: date) -> bool:
    try:
        return abs(date.fromisoformat(day) - today) <= timedelta(days=1)
    except ValueError:
        return False


class Once:
    """Remembers which work was used, in this process and in bounded memory.

    Once 100,000 are remembered the oldest is forgotten: somebody would have to do 100,000 new
    ones to use one old one again.
    """

    def __init__(self, at_most: int = REMEMBERED) -> None:
        self._at_most = at_most
        self._used: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def is_new(self, name: str) -> bool:
        """Return whether this is used for the first time, and remember it."""
        with self._lock:
            if name in self._used:
                return False
            self._used[name] = None
            if len(self._used) > self._at_most:
                self._used.popitem(last=False)
            return True
