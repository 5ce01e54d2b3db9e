"""The address of a database on a server: postgresql://user:password@host:port/name?sslmode=….

It may hold a password, so whoever refuses one says which variable or setting it is, and nothing
of what stands there. What it says behind the "?" is heeded or refused, and never passed over: it
may be what demands that nobody listens.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")
PLACES = ("user", "password", "host", "port")
LAST_PORT = 65535
ANYTHING, NOTHING = ".+", "(?!)"
#: What may stand behind the "?", under libpq's names, and what each may be. What usually stands
#: before it may stand here instead; all else is handed to libpq as it is.
OPTIONS: Mapping[str, str] = {
    **dict.fromkeys(PLACES, ANYTHING),
    "sslmode": "disable|allow|prefer|require|verify-ca|verify-full",
    "sslrootcert": ANYTHING,
    "sslcert": ANYTHING,
    "sslkey": ANYTHING,
    "sslcrl": ANYTHING,
    "ssl_min_protocol_version": r"TLSv1(\.[123])?",
    "channel_binding": "disable|prefer|require",
    "gssencmode": "disable|prefer|require",
    "target_session_attrs": "any|read-write|primary",
    "application_name": ANYTHING,
    "connect_timeout": "[1-9]|[1-5][0-9]|60",  # seconds; 0 would be for ever
}
MAY_BE = (
    "an address like postgresql://user:password@host/name?sslmode=verify-full, with "
    "/ @ : ? # % [ ] in the password written as %2F %40 %3A %3F %23 %25 %5B %5D, and behind the ? "
    f"nothing but {', '.join(OPTIONS)}, each once and with a value it can have"
)


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """The parts of an address. `port` is "" for the usual one; `options` are libpq's."""

    user: str
    password: str = field(repr=False)
    host: str
    port: str
    name: str
    options: Mapping[str, str]


def parse(address: str) -> DatabaseAddress | None:
    """Return the parts of an address; None for text that cannot be one.

    An "@" behind the host is the rest of a password whose "/", "?" or "#" was not escaped. Without
    a host it is the socket of this machine's own server, which asks for no password.
    """
    try:
        parts = urlsplit(address)
        said = _before(parts)
        _add(said, parts.query)
        name = _plain(parts.path.removeprefix("/"))
    except ValueError:  # its words would quote the password
        return None
    user, password, host, port = (said.pop(each, "") for each in PLACES)
    if parts.scheme not in SCHEMES or not name or not _is_port(port) or not _is_host(host):
        return None
    if not host and (parts.password is not None or not address.partition(":")[2].startswith("//")):
        return None
    if "@" in f"{parts.path}{parts.query}" or parts.path.count("/") > 1 or parts.fragment:
        return None
    if address != address.strip() or not all(
        map(_is_printed, (address, user, password, host, name, *said.values()))
    ):
        return None
    return DatabaseAddress(user, password, host, port, name, said)


def _before(parts: SplitResult) -> dict[str, str]:
    """Return whose and where a database is, as far as it stands before the "?"."""
    port = "" if parts.port is None else str(parts.port)
    found = (parts.username, parts.password, parts.hostname, port)
    return {name: _plain(each) for name, each in zip(PLACES, found, strict=True) if each}


def _add(said: dict[str, str], query: str) -> None:
    """Add what stands behind the "?".

    Raises:
        ValueError: it is not known, says again what was said already, or cannot be.
    """
    for pair in query.split("&") if query else ():
        name, _, escaped = pair.partition("=")
        value = _plain(escaped)
        if name in said or not re.fullmatch(OPTIONS.get(name, NOTHING), value):
            raise ValueError
        said[name] = value


def _plain(text: str) -> str:
    """Return a text without its escapes.

    Raises:
        ValueError: what they stand for is no UTF-8.
    """
    return unquote(text, errors="strict")


def _is_port(port: str) -> bool:
    return not port or (port.isascii() and port.isdecimal() and 0 < int(port) <= LAST_PORT)


def _is_host(host: str) -> bool:
    """Return whether it can be a host's name; the folder of a socket may have blanks in it."""
    return host.startswith("/") or not any(map(str.isspace, host))


def _is_printed(text: str) -> bool:
    """Return whether no control character is in it: no server takes one, and urlsplit drops it."""
    return not any(unicodedata.category(letter) == "Cc" for letter in text)
