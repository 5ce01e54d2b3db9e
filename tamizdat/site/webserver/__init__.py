"""Configurations of other people's web servers, which then answer as our own front does.

They are printed, never installed: what a machine serves is its administrator's affair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined

from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import Theme
from tamizdat.press.server.compression import WORTH_COMPRESSING
from tamizdat.press.server.media_types import COMPRESSED, FEED_TYPES, TYPES
from tamizdat.press.server.responses import ALWAYS, FRESH, LASTING, NOT_FOUND
from tamizdat.site.entry.limits import FORM
from tamizdat.site.processes.serving import ROLES
from tamizdat.site.unavailable import away_pages

LINES = 100  # requests at one time to counter or till from one network; many share an address
PATIENCE_S = 60  # the payment service may need half of it
SECURE = "max-age=31536000"
# An address's network, as both servers cut it: IPv4 /24, IPv6 /48 (`readers.counter.admission`).
NETWORKS = (
    (r"^(\d+\.\d+\.\d+)\.", "${1}.0"),
    (r"^([0-9a-f]+:[0-9a-f]+:[0-9a-f]+):", "${1}::"),
    (r"^([0-9a-f]+:[0-9a-f]+)::", "${1}::"),
    (r"^([0-9a-f]+)::", "${1}::"),
    (r"^::ffff:(\d+\.\d+\.\d+)\.", "${1}.0"),  # IPv4, where a server listens for both at once
)
PUBLIC = ("edition", "counter", "till")  # the desk is nobody's business
TEMPLATES = {"nginx": "nginx.conf.jinja", "caddy": "Caddyfile.jinja"}


@dataclass(frozen=True, slots=True)
class Site:
    """One address, and the port of this machine behind it."""

    name: str
    address: str
    host: str
    port: int
    is_secure: bool
    behind: int


def configuration(
    server: str, newsroom: Newsroom, first: int, roles: Sequence[str] = PUBLIC
) -> str:
    """Return the configuration of "nginx" or "caddy" for a newsroom.

    Args:
        server: Which.
        newsroom: Its addresses, its languages and the place of its edition.
        first: The port of `tamizdat serve --port`; counter and till are behind it.
        roles: Which of the three public ones have this machine.
    """
    source = files(__package__).joinpath(TEMPLATES[server]).read_text(encoding="utf-8")
    # What is printed is no page: nothing in it is ever shown by a browser.
    environment = Environment(  # noqa: S701
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    sites = {role: _site(newsroom, role, first) for role in PUBLIC if role in roles}
    return environment.from_string(source).render(
        sites=sites,
        edition=newsroom.edition / "current",
        languages=newsroom.languages,
        always=ALWAYS,
        lasting=LASTING,
        fresh=FRESH,
        networks=NETWORKS,
        not_found=NOT_FOUND,
        types=TYPES,
        feed_types=FEED_TYPES,
        packed=[TYPES[each] for each in sorted(COMPRESSED)] + sorted(FEED_TYPES.values()),
        worth_packing=WORTH_COMPRESSING,
        unavailable=away_pages(Theme(newsroom)),
        body=FORM,
        lines=LINES,
        patience=PATIENCE_S,
        secure=SECURE,
    )


def _site(newsroom: Newsroom, role: str, first: int) -> Site:
    address = str(getattr(newsroom.addresses, role))
    parts = urlsplit(address)
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    return Site(role, address, parts.hostname or "", port, is_secure, first + ROLES.index(role))
