"""What the next form costs: hashes, asked for on an answer page, good once and for ten minutes."""

import hmac
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

LEAST = 120_000  # hashes: a second on a slow phone (docs/adr/0011)
MOST = 600_000  # hashes: five seconds there on average, ten at most for seven of eight readers
GOOD_FOR_S = 600

_FIELDS = struct.Struct(">II8s")  # price, last second, random
_MAC = 12  # bytes


@dataclass(frozen=True, slots=True)
class Price:
    """What an answer page asks for: a form's kind, hashes, and the text that makes it a promise."""

    kind: str
    hashes: int
    quote: str


def hashes(left: float) -> int:
    """Return the price where this share of what may be asked for cheaply is left, 1 to 0.

    Each tenth that goes makes it a sixth dearer, up to the most: five times the least.
    """
    dearer: float = (MOST / LEAST) ** (1 - min(max(left, 0), 1))
    return round(LEAST * dearer)


@dataclass(frozen=True, slots=True)
class Quotes:
    """Signs prices, so that what a page asked for is taken though the price has risen since.

    The key is random and in memory: after a restart no quote is good, and no price is asked.
    """

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def give(self, price: int, at: float) -> str:
        """Return a quote for a price. `at` in seconds, monotonic."""
        return self._written(_FIELDS.pack(price, int(at) + GOOD_FOR_S, secrets.token_bytes(8)))

    def is_good(self, quote: str, price: int, at: float) -> bool:
        """Return whether we gave this quote, for this price, within the last ten minutes.

        Only as we wrote it: base64 has many texts for the same bytes, and each would be paid once.
        """
        try:
            said = urlsafe_b64decode(quote + "=" * (-len(quote) % 4))[: _FIELDS.size]
            quoted, until, _ = _FIELDS.unpack(said)
        except (ValueError, struct.error):
            return False
        ours = hmac.compare_digest(quote.encode(), self._written(said).encode())
        return ours and quoted == price and at <= until

    def _written(self, said: bytes) -> str:
        mac = hmac.digest(self._key, said, "sha256")[:_MAC]
        return urlsafe_b64encode(said + mac).rstrip(b"=").decode()
