"""The tokens in a letter's links, and what we keep of them: hashes.

A token is made from `letters.key` whenever it is needed, so no database holds it. Who steals
a database can neither confirm nor unsubscribe anybody. The key comes from
`founded_keys.letters_key`: a link made with another newsroom's would never work.
"""

import base64
import hashlib
import hmac
import re

#: What a token is for: to leave a newsletter, to confirm a sign-up, to answer a letter.
LEAVE, CONFIRM, REPLY = "leave", "confirm", "reply"
_TOKEN = re.compile(r"[a-z2-7]{26}")


def token(letters_key: bytes, purpose: str, about: str) -> str:
    """Return the token for a purpose (`LEAVE`) of a row: 130 bits in base32.

    The same row has the same token always, so the links of old letters keep working.
    """
    return derived(letters_key, f"{purpose}|{about}")[:26]


def derived(letters_key: bytes, text: str) -> str:
    """Return the keyed hash of a text in lower-case base32, 52 characters."""
    keyed = hmac.digest(letters_key, text.encode(), "sha256")
    return base64.b32encode(keyed).decode().lower().rstrip("=")


def digest(token: str) -> str:
    """Return what is kept of a token: SHA-256 in hexadecimal. 130 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Say whether this has a token's form; a link that was cut in a mail program has not."""
    return _TOKEN.fullmatch(text) is not None
