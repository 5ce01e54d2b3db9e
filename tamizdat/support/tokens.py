"""The manage token: who holds it can see and stop a contribution. The books hold only its hash."""

import base64
import hashlib
import re
import secrets

_TOKEN = re.compile(r"[a-z2-7]{26}")


def fresh() -> str:
    """Return a new token: 128 random bits in lower-case base32, easy to write down."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def digest(token: str) -> str:
    """Return what is kept of a token: SHA-256 in hexadecimal. 128 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Say whether this has a token's form; a link that was cut on its way has not."""
    return _TOKEN.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Say whether this could be a token's hash."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None
