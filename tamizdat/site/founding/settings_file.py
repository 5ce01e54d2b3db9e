"""The text of a new newsroom's `tamizdat.toml`."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from tamizdat.lib.newsroom import Addresses

TEMPLATE = """\
# This newsroom's settings. Every key is explained in docs/reference/settings.md.

[newsroom]
name = {name}
languages = {languages}
time_zone = {time_zone}
demonstration = {demonstration}

[addresses]
edition = {edition}
counter = {counter}
desk = {desk}
till = {till}

[look]
accent = "#962318"
accent_dark = "#f09080"

[support]
provider = "pretend"
currency = "EUR"
once = [500, 1000, 2500]      # in the minor unit of ISO 4217: cents, or whole yen
month = [300, 500, 1000]
year = [3000, 5000, 10000]
refused_countries = ["RU", "BY"]
careful_time_zones = []

[support.ask]
# "never" until a payment service is set; then "ask" or "careful". Also by language ("ru"),
# section ("section:courts") or both ("ru/section:courts").
default = {ask}

[mail]
send = "mailbox"              # on screen; or smtp://host:587
from_name = {name}
from_address = {sender}
administrator = ""            # who gets a letter when something does not work
"""
TILL_ELSEWHERE = """
[databases]
till = "elsewhere"            # the till has a machine of its own
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand in a new newsroom's settings."""

    name: str
    languages: tuple[str, ...]
    addresses: Addresses
    time_zone: str = "UTC"
    demonstration: bool = False
    till_elsewhere: bool = False


def text(wanted: Wanted) -> str:
    """Return the settings file for a new newsroom. JSON's strings are valid TOML strings."""
    host = urlsplit(wanted.addresses.edition).hostname or "localhost"
    template = TEMPLATE + (TILL_ELSEWHERE if wanted.till_elsewhere else "")
    return template.format(
        name=json.dumps(wanted.name, ensure_ascii=False),
        languages=json.dumps(list(wanted.languages)),
        time_zone=json.dumps(wanted.time_zone),
        demonstration=json.dumps(wanted.demonstration),
        edition=json.dumps(wanted.addresses.edition),
        counter=json.dumps(wanted.addresses.counter),
        desk=json.dumps(wanted.addresses.desk),
        till=json.dumps(wanted.addresses.till),
        ask=json.dumps("ask" if wanted.demonstration else "never"),
        sender=json.dumps(
            f"letters@{host if '.' in host and not _is_number(host) else 'example.org'}"
        ),
    )


def four_origins(edition: str) -> Addresses:
    """Return the addresses of the four roles, from the edition's.

    On a host name they are names beside it; where a port is given or the host is only a
    number, they are the next three ports, as in the box.

    Raises:
        ValueError: it is no origin such as https://example.org.
    """
    parts = urlsplit(edition.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ValueError(f"{edition!r} is no address like https://example.org")
    host = parts.hostname
    if parts.port or host == "localhost" or _is_number(host):
        first = parts.port or 8000
        ports = [f"{parts.scheme}://{host}:{first + n}" for n in range(4)]
        return Addresses(edition=ports[0], counter=ports[1], desk=ports[2], till=ports[3])
    bare = host.removeprefix("www.")
    return Addresses(
        edition=f"{parts.scheme}://{host}",
        counter=f"{parts.scheme}://counter.{bare}",
        desk=f"{parts.scheme}://desk.{bare}",
        till=f"{parts.scheme}://till.{bare}",
    )


def _is_number(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host
