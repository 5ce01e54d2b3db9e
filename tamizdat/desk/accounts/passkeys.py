"""Where passkeys work: a browser binds them to a name, never to a number."""

from ipaddress import ip_address
from urllib.parse import urlsplit

HERE = "localhost"


def domain(desk: str) -> str:
    """Return the name to which passkeys are bound, for a desk at this address.

    It comes from the settings and never from the request, whose Host header a stranger writes.
    "localhost" stands in for this machine's own network address: browsers refuse to bind a
    passkey to a number (Web Authentication, sections 5.1.3 and 5.1.4: the origin's effective
    domain must be a domain).
    """
    host = urlsplit(desk).hostname or ""
    return HERE if _is_own_number(host) else host


def home(desk: str) -> str:
    """Return the origin at which this desk's passkeys work; "" if there is none.

    There is none without https: browsers offer passkeys in secure contexts only, of which
    localhost is one.
    """
    parts = urlsplit(desk)
    name = domain(desk)
    if _is_number(name) or (parts.scheme != "https" and name != HERE):
        return ""
    return f"{parts.scheme}://{name}" + (f":{parts.port}" if parts.port else "")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_own_number(host: str) -> bool:
    return _is_number(host) and ip_address(host).is_loopback
