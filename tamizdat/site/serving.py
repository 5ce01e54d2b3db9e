"""Which processes serve a newsroom on one machine, and what each of them is given."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tamizdat.lib import environment
from tamizdat.lib.newsroom import Newsroom, NewsroomError
from tamizdat.press import listening as edition_listening
from tamizdat.site.entry import listening as role_listening

ROLES = ("edition", "counter", "desk", "till")
UPKEEP = "upkeep"  # the process that brings the databases up to date


@dataclass(frozen=True, slots=True)
class Process:
    """One process to keep running, with all of its environment.

    Attributes:
        name: A role, "work", or what else it does.
        port: Where it listens; 0 for one that does not.
        once: It ends by itself, with 0 when its work is done.
        fails: The sentence to say where it does not stay up.
        told_after: How many falls are one too many.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(hash=False, repr=False)
    host: str = ""
    port: int = 0
    once: bool = False
    fails: str = ""
    told_after: int = 3


def processes(
    newsroom: Newsroom,
    roles: Sequence[str] = (),
    *,
    host: str,
    port: int | None,
    upkeep: bool = True,
) -> list[Process]:
    """Return the processes that serve a newsroom.

    Args:
        newsroom: Whose.
        roles: Which roles are served; by default all four, and the worker runs, too.
        host: The address to listen on.
        port: Each role listens on the port in its address if None; else on PORT to PORT+3,
            in the order edition, counter, desk, till (behind a proxy that keeps the addresses).
        upkeep: Whether the desk's databases are to be brought up to date. What needs them says
            that it is away until then (site/away.py); the edition needs none.
    """
    served = roles or ROLES
    found = [_server(newsroom, role, host, _port(newsroom, role, port)) for role in served]
    if not roles:
        found.append(_worker(newsroom))
    if upkeep and "desk" in served:
        found.append(_upkeep(newsroom))
    return found


def _server(newsroom: Newsroom, role: str, host: str, port: int) -> Process:
    listening = edition_listening if role == "edition" else role_listening
    told = {"TAMIZDAT_NEWSROOM": str(newsroom.folder), "TAMIZDAT_ROLE": role}
    if role == "edition":
        told["TAMIZDAT_EDITION"] = str(newsroom.edition)
    return Process(
        name=role,
        command=listening.command(host, port),
        environment=environment.of(role, **told),
        host=host,
        port=port,
        fails=f"The {role} does not stay up.",
    )


def _worker(newsroom: Newsroom) -> Process:
    return Process(
        name="work",
        command=(sys.executable, "-m", "tamizdat.site", "--newsroom", str(newsroom.folder), "work"),
        environment=environment.of("work", TAMIZDAT_ROLE="desk"),
        fails="The work process does not stay up.",
    )


def _upkeep(newsroom: Newsroom) -> Process:
    return Process(
        name=UPKEEP,
        command=(sys.executable, "-m", "tamizdat.site.upkeep", str(newsroom.folder)),
        environment=environment.of("desk", TAMIZDAT_ROLE="desk"),
        once=True,
        fails="The newsroom cannot be brought up to date, so what needs its databases waits.",
        told_after=1,
    )


def _port(newsroom: Newsroom, role: str, first: int | None) -> int:
    if first is not None:
        return first + ROLES.index(role)
    parts = urlsplit(str(getattr(newsroom.addresses, role)))
    if not parts.port:
        raise NewsroomError(
            f"The address of the {role} ({parts.geturl()}) names no port to listen on. "
            "Name the first of four with --port, behind a proxy such as Caddy."
        )
    return parts.port
