"""From which network a form comes: a prefix of its address, never the address.

A server behind a proxy sees only the proxy. The web server configurations that we print pass
on a network in a header of ours (docs/reference/proof-of-work.md). It is believed only from
this machine, where the proxy overwrites whatever a sender wrote there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

HEADER = "HTTP_X_TAMIZDAT_NETWORK"

# IPv4: a provider hands out /24s as the smallest block that can be routed, and holds several
# of one /16. IPv6: a customer gets at most a /48, a provider at least a /32.
_LENGTHS = {4: (24, 16), 6: (48, 32)}


@dataclass(frozen=True, slots=True)
class Network:
    """A sender as far as we look. `narrow` is None where nobody tells us a network.

    Then everybody is one sender: readers over Tor, and all behind a proxy that says nothing.
    """

    narrow: str | None
    wide: str


UNKNOWN = Network(None, "unknown")


def network(meta: Mapping[str, Any]) -> Network:
    """Return the network that a request comes from, out of its `request.META`."""
    peer = _address(meta.get("REMOTE_ADDR", ""))
    if peer is not None and peer.is_loopback:
        peer = _address(meta.get(HEADER, ""))
    if peer is None or peer.is_loopback:
        return UNKNOWN
    narrow, wide = (str(ip_network((peer, bits), strict=False)) for bits in _LENGTHS[peer.version])
    return Network(narrow, wide)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
