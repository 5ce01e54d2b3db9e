"""What a reader's browser does for a form (docs/reference/proof-of-work.md), in Python."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

PRICED = re.compile(r'data-price="(\d+)" data-quote="([\w-]+)" data-kind="(\w+)"')


@dataclass(frozen=True)
class Asked:
    """The price that a page asks."""

    kind: str
    price: int
    quote: str


def asked(page: str) -> Asked | None:
    """Return the price that stands on a page, None where it asks none."""
    found = PRICED.search(page)
    return Asked(found[3], int(found[1]), found[2]) if found else None


def today() -> date:
    return datetime.now(UTC).date()


def base(kind: str, address: str, day: date, random: str = "0123456789abcdef") -> str:
    """Make a `tz1`: 65,536 tries on average."""
    start = f"tz1|{kind}|{day}|{address.strip().lower()}|{random}|".encode()
    count = 0
    while sha256(b"%s%d" % (start, count)).digest()[:2] != b"\0\0":
        count += 1
    return f"tz1|{day}|{random}|{count}"


def priced(what: Asked, address: str, day: date) -> str:
    """Make a `tz2`: as many tries on average as the price says."""
    about = address.strip().lower()
    text = f"tz2|{what.kind}|{day}|{about}|{what.quote}|{what.price}"
    start, count = sha256(sha256(text.encode()).digest()), 0
    # Every sum below this begins with a number that is small enough: bytes compare faster.
    limit = (-(-(2**32) // what.price)).to_bytes(4, "big")
    while True:
        one = start.copy()
        one.update(count.to_bytes(4, "big"))
        if one.digest() < limit:
            return f"tz2|{day}|{what.quote}|{what.price}|{count}"
        count += 1
