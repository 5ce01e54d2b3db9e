"""Drafts as parts of addresses: encrypted and authenticated by a key that only the till holds.

The till keeps no drafts, so a restart forgets none. What it has to know again comes back
with the reader, in the address of the payment page and of the return from the bank's question.
"""

import base64
import binascii
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tamizdat.lib.money import Money
from tamizdat.support.call_keys import make_file
from tamizdat.support.till.drafts import Draft

Way = Literal["pay", "return"]
"""Which address it is part of. What was sealed for one does not open in the other."""

FILE = "till-return.key"
NONCE = 12
SECRET = 32  # bytes
LENGTH = 176  # of what is encrypted, whatever the amount: the length tells nothing
LONGEST = 400  # characters of an address that are looked at


def seal(draft: Draft, way: Way, keys: Path) -> str:
    """Return the draft for an address of the till, opaque to everybody else.

    The same draft always gives the same text, because the service compares the return address
    when a call is repeated. The nonce is derived from the content by a key of its own (as in
    AES-SIV), and every draft holds a random seed, so one nonce never serves two contents.
    """
    said = [
        draft.seed,
        draft.money.minor,
        draft.money.currency,
        draft.interval,
        draft.language,
        int(draft.begun.timestamp()),
        draft.token,
    ]
    plain = json.dumps(said).encode().ljust(LENGTH)
    nonce = _derived(keys, f"nonce {way}".encode() + plain)[:NONCE]
    sealed = AESGCM(_derived(keys, b"encrypt")).encrypt(nonce, plain, way.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def opened(text: str, way: Way, keys: Path) -> Draft | None:
    """Return the draft of an address, None if this till did not seal it for this way."""
    if len(text) > LONGEST:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        plain = AESGCM(_derived(keys, b"encrypt")).decrypt(raw[:NONCE], raw[NONCE:], way.encode())
    except (binascii.Error, InvalidTag, ValueError):
        return None
    seed, minor, currency, interval, language, begun, token = json.loads(plain)
    at = datetime.fromtimestamp(begun, UTC)
    return Draft(seed, Money(minor, currency), interval, language, at, token)


def _derived(keys: Path, purpose: bytes) -> bytes:
    """Return 256 bits for one purpose. The key file is made when it is first needed.

    Raises:
        ValueError: it is damaged. An empty one would be a key that everybody knows.
        OSError: it can be neither read nor made.
    """
    make_file(keys / FILE)
    return hmac.digest(_secret(keys), purpose, "sha256")


def is_damaged(keys: Path) -> bool:
    """Say whether the key file is there and holds no key.

    Raises:
        OSError: it cannot be read.
    """
    try:
        _secret(keys)
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return False


def _secret(keys: Path) -> bytes:
    secret = bytes.fromhex((keys / FILE).read_text(encoding="ascii").strip())
    if len(secret) != SECRET:
        raise ValueError("the till's own key is damaged")
    return secret
