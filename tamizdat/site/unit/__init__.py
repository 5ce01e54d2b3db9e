"""A unit of systemd that serves a newsroom. It is printed, never installed.

What it forbids was tried with the whole demonstration under it: docs/adr/0034-a-unit-of-systemd.md.
"""

import shlex
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from tamizdat.lib.newsroom import Newsroom, NewsroomError
from tamizdat.lib.users import owner
from tamizdat.site.processes.serving import processes, served

TEMPLATE = "tamizdat.service.jinja"
HOMES = (Path("/home"), Path("/root"), Path("/run/user"))  # what ProtectHome= hides
PRIVILEGED = 1024  # a port below it needs a right of its own
BIND = "CAP_NET_BIND_SERVICE"


def unit(newsroom: Newsroom, roles: Sequence[str], *, host: str, port: int | None) -> str:
    """Return the unit with which systemd serves these roles, or the whole newsroom for none.

    Raises:
        NewsroomError: its folder's name cannot stand in a unit, or a role has no port.
    """
    for path in (newsroom.folder, Path(sys.executable).absolute()):
        _refuse_strange(path)
    ports = [each.port for each in processes(newsroom, roles, host=host, port=port) if each.port]
    source = files(__package__).joinpath(TEMPLATE).read_text(encoding="utf-8")
    environment = Environment(  # noqa: S701  what is printed is no page
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters |= {"of_line": _of_line, "of_word": _of_word}
    return environment.from_string(source).render(
        name=_plain(newsroom.name),
        folder=str(newsroom.folder),
        user=_user(newsroom.folder),
        quoted=shlex.quote(str(newsroom.folder)),
        variables=f"/etc/tamizdat/{newsroom.folder.name}.env",
        roles=f"{', '.join(served(newsroom, roles))}: {_plain(newsroom.name)}",
        command=_command(newsroom, roles, host, port),
        is_at_home=_is_at_home(newsroom.folder),
        capabilities=BIND if min(ports) < PRIVILEGED else "",
    )


def _command(newsroom: Newsroom, roles: Sequence[str], host: str, port: int | None) -> list[str]:
    named = [word for role in roles for word in ("--role", role)]
    where = ["--host", host, *(["--port", str(port)] if port else [])]
    begin = [str(Path(sys.executable).absolute()), "-m", "tamizdat.site"]
    return [*begin, "--newsroom", str(newsroom.folder), "serve", *where, *named]


def _user(folder: Path) -> str:
    """Return the user who serves a folder; "" for root, who serves nobody."""
    return owner(folder).removeprefix("#") if folder.stat().st_uid else ""


def _is_at_home(folder: Path) -> bool:
    """Say whether the newsroom or the program lies where somebody's own files lie."""
    needed = (folder, Path(sys.prefix), Path(sys.base_prefix), Path(__file__))
    return any(path.is_relative_to(home) for path in needed for home in HOMES)


def _plain(text: str) -> str:
    """Return a name as it may stand in a comment and a description."""
    return " ".join(text.split()).replace("%", "%%")


def _of_line(text: str) -> str:
    """Return text that is all of a line: only specifiers have a meaning there (systemd.unit(5))."""
    return text.replace("%", "%%")


def _of_word(text: str) -> str:
    """Return one word of a command, quoted where it has to be (systemd.service(5))."""
    said = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{said}"' if any(each in text for each in " \t'\"\\;") else said


def _refuse_strange(path: Path) -> None:
    if not str(path).isprintable():
        raise NewsroomError(f"{str(path)!r} cannot stand in a unit: give the folder a plain name.")
