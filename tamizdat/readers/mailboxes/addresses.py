"""An e-mail address: what we take, and when two are the same."""

import hmac
import re

from email_validator import EmailNotValidError, validate_email

from tamizdat.readers.mailboxes.spellings import one_spelling
from tamizdat.readers.sealing import LONGEST, AddressError

# RFC 2047. Programs read it as other text than it is: the letter's header would name another
# address than its submission, or could not be written at all.
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[^?]*\?[^?]*\?=")


def read(typed: str) -> str:
    """Return the address that somebody typed, in the form in which we write to it.

    The part before the @ stays as typed (RFC 5321, 2.4: only its owner knows whether capitals
    matter there), the domain becomes lower-case ASCII. No name server is asked: it would learn
    who reads us.

    Raises:
        AddressError: no letter could reach it.
    """
    try:
        found = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise AddressError("This is not an e-mail address we can write to.") from None
    if _ENCODED_WORD.search(found.local_part):
        raise AddressError("This is not an e-mail address we can write to.")
    address = f"{found.local_part}@{found.ascii_domain}"
    if len(address.encode()) > LONGEST:
        raise AddressError("This e-mail address is too long for us.")
    return address


def is_address(text: str) -> bool:
    """Say whether this is an address in the form in which we write to it.

    A counter that is ours seals no other text. Whoever broke into one can seal any.
    """
    try:
        return read(text) == text
    except AddressError:
        return False


def tag(key: bytes, address: str) -> str:
    """Return the keyed hash by which two sign-ups of one person are recognised.

    Capitals do not count. `key` is the duplicates key (`keys.duplicates_key`).
    """
    return hmac.digest(key, address.strip().lower().encode(), "sha256").hex()


def limit_tag(key: bytes, address: str) -> str:
    """Return the keyed hash by which limits recognise a mailbox: ada+1@… and ada@… are one.

    So are the spellings of providers that read several as one: a.d.a@gmail.com.
    """
    return hmac.digest(key, one_spelling(address).encode(), "sha256").hex()
