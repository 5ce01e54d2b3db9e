"""Which processes serve a newsroom on one machine, and what each of them is given."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tamizdat.lib.newsroom import Newsroom, NewsroomError
from tamizdat.lib.processes import environment
from tamizdat.press.server import command as edition_listening
from tamizdat.site.databases.settings import OWN, refuse_elsewhere
from tamizdat.site.entry import listening as role_listening

ROLES = ("edition", "counter", "desk", "till")
WORKED_FOR = ("desk", "till")  # the roles that a worker does something for
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
        roles: Which roles are served; by default all whose databases this machine holds. The
            worker runs where the machine's main role is served: the desk, or a till apart.
        host: The address to listen on.
        port: Each role listens on the port in its address if None; else on PORT to PORT+3,
            in the order edition, counter, desk, till (behind a proxy that keeps the addresses).
        upkeep: Whether the databases are to be brought up to date, where the worker runs. What
            needs them says that it is away until then (site/away.py); the edition needs none.

    Raises:
        NewsroomError: another machine holds the database of a role, or a role has no port.
    """
    chosen = served(newsroom, roles)
    found = [_server(newsroom, role, host, _port(newsroom, role, port)) for role in chosen]
    if newsroom.main_role in chosen and newsroom.main_role in WORKED_FOR:
        found.append(_worker(newsroom))
        if upkeep:
            found.append(_upkeep(newsroom))
    return found


def served(newsroom: Newsroom, roles: Sequence[str] = ()) -> tuple[str, ...]:
    """Return which roles this machine serves: these, or all whose databases it holds.

    The edition needs no database; it is made at the desk.

    Raises:
        NewsroomError: another machine holds the database of one of these.
    """
    for role in roles:
        if role in OWN:
            refuse_elsewhere(newsroom, role)
    holds = (role for role in ROLES if not newsroom.is_elsewhere(OWN.get(role, "default")))
    return tuple(roles) or tuple(holds)


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
    """Return the worker, with the desk's environment and the mail's, or that of a till apart."""
    role = newsroom.main_role
    return Process(
        name="work",
        command=(sys.executable, "-m", "tamizdat.site", "--newsroom", str(newsroom.folder), "work"),
        environment=environment.of("work" if role == "desk" else role, TAMIZDAT_ROLE=role),
        fails="The work process does not stay up.",
    )


def _upkeep(newsroom: Newsroom) -> Process:
    return Process(
        name=UPKEEP,
        command=(sys.executable, "-m", "tamizdat.site.processes.upkeep", str(newsroom.folder)),
        environment=environment.of(newsroom.main_role, TAMIZDAT_ROLE=newsroom.main_role),
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
