"""The address of a database on a server: postgresql://user:password@host:port/name.

It may hold a password, so whoever refuses one says which variable or setting it is, and nothing
of what stands there.
"""

import unicodedata
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

SCHEMES = ("postgresql", "postgres")
MAY_BE = (
    "an address like postgresql://user:password@host/name, with / @ : ? # % in the password "
    "written as %2F %40 %3A %3F %23 %25"
)


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """The parts of an address. `port` is "" for the usual one."""

    user: str
    password: str = field(repr=False)
    host: str
    port: str
    name: str


def parse(address: str) -> DatabaseAddress | None:
    """Return the parts of an address; None for text that cannot be one.

    An "@" behind the host is the rest of a password whose "/", "?" or "#" was not escaped. Without
    a host it is the socket of this machine's own server, which asks for no password.
    """
    try:
        parts = urlsplit(address)
        port, host = parts.port, unquote(parts.hostname or "")
    except ValueError:  # the port is no number, or too large; its words would quote the password
        return None
    name = parts.path.removeprefix("/")
    rest = f"{name}?{parts.query}#{parts.fragment}"
    if parts.scheme not in SCHEMES or not name or port == 0:
        return None
    if not host and (parts.password is not None or not address.partition(":")[2].startswith("//")):
        return None
    if "@" in rest or "/" in name or parts.fragment:
        return None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not all(_is_printed(each) for each in (address, user, password, host, unquote(name))):
        return None
    return DatabaseAddress(user, password, host, str(port or ""), unquote(name))


def _is_printed(text: str) -> bool:
    """Return whether no control character is in it: no server takes one, and urlsplit drops it."""
    return not any(unicodedata.category(letter) == "Cc" for letter in text)
