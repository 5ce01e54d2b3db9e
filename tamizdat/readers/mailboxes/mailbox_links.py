"""The link by which whoever reads a mailbox says whether we may write to it.

It holds the mailbox's address, encrypted. So it works as long as the letter lies there, and no row
has to be kept for it. Only `opening.open_link` reads it back.
"""

import base64
import re

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from tamizdat.readers import keys

CHOICE = "mailbox"  # kind of the record that a pressed button becomes; it has the link as address
YES, STOP = "yes", "stop"
_LINK = re.compile(r"[a-z2-7]{30,240}")


def link(letters_key: bytes, address: str) -> str:
    """Return an address as the last part of a link. It is the same in each letter.

    AES-SIV (RFC 5297) needs no nonce, and a link that somebody changed or made up opens nothing.
    """
    sealed = AESSIV(keys.links_key(letters_key)).encrypt(address.encode(), None)
    return base64.b32encode(sealed).decode().lower().rstrip("=")


def is_link(text: str) -> bool:
    """Say whether this has a link's form; one that was cut in a mail program may not have it."""
    return _LINK.fullmatch(text) is not None
