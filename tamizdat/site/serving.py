"""The four roles and the worker as processes of one machine, watched over together."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from urllib.parse import urlsplit

import click

from tamizdat.lib import environment
from tamizdat.lib.newsroom import Newsroom, NewsroomError
from tamizdat.press import listening as edition_listening
from tamizdat.site.entry import listening as role_listening
from tamizdat.site.recycling import RECYCLED, Recycler

ROLES = ("edition", "counter", "desk", "till")
RESTART_AFTER_S = 1.0
LOOK_EVERY_S = 0.2
OPEN_WITHIN_S = 60
MOST_FALLS = 3


@dataclass(frozen=True, slots=True)
class Post:
    """One process to keep running, with all of its environment.

    A server listens on `port`; the worker has none (0).
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(hash=False)
    host: str = ""
    port: int = 0


def posts(
    newsroom: Newsroom, roles: Sequence[str], *, host: str, port: int | None, work: bool
) -> list[Post]:
    """Return the processes that serve these roles.

    Without `port` each role listens on the port in its address; with it, on PORT to PORT+3,
    in the order edition, counter, desk, till (behind a proxy that keeps the addresses).
    """
    kept = [_server(newsroom, role, host, _port(newsroom, role, port)) for role in roles]
    return [*kept, _worker(newsroom)] if work else kept


def _server(newsroom: Newsroom, role: str, host: str, port: int) -> Post:
    listening = edition_listening if role == "edition" else role_listening
    told = {"TAMIZDAT_NEWSROOM": str(newsroom.folder), "TAMIZDAT_ROLE": role}
    if role == "edition":
        told["TAMIZDAT_EDITION"] = str(newsroom.edition)
    return Post(role, listening.command(host, port), environment.of(role, **told), host, port)


def _worker(newsroom: Newsroom) -> Post:
    command = (sys.executable, "-m", "tamizdat.site", "--newsroom", str(newsroom.folder), "work")
    return Post("work", command, environment.of("work", TAMIZDAT_ROLE="desk"))


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


def watch(kept: Sequence[Post], ready: Callable[[], None] = lambda: None) -> int:
    """Run all posts until told to stop; one that falls is started again, some are each hour.

    `ready` is called once, when every server listens.

    Returns:
        0 when stopped by a signal; 1 when a post fell three times.

    Raises:
        NewsroomError: a port is taken, or not ours to take.
    """
    _refuse_taken(kept)
    signal.signal(signal.SIGTERM, _stop)
    running = {post: _start(post) for post in kept}
    falls = dict.fromkeys(kept, 0)
    recyclers = {p: Recycler(p.name, p.environment) for p in kept if p.name in RECYCLED}
    try:
        _wait_until_open(running)
        ready()
        while not _fallen_for_good(running, falls):
            for post, recycler in recyclers.items():
                recycler.look(running[post], time.monotonic())
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        return 0
    finally:
        checks = [one.check for one in recyclers.values() if one.check is not None]
        _end([*running.values(), *checks])
    return 1


def _refuse_taken(kept: Sequence[Post]) -> None:
    """Refuse ports on which somebody listens: granian would share them, reader by reader."""
    for post in kept:
        if not post.port:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((post.host, post.port))
            except OSError as error:
                raise NewsroomError(
                    f"The {post.name} cannot listen on port {post.port} of {post.host}: "
                    f"{error.strerror}. Stop what listens there, or name another port."
                ) from error


def _fallen_for_good(
    running: dict[Post, "subprocess.Popen[bytes]"], falls: dict[Post, int]
) -> bool:
    """Start fallen posts again and return whether one has fallen too often."""
    for post, process in running.items():
        if process.poll() is None:
            continue
        falls[post] += 1
        if falls[post] >= MOST_FALLS:
            click.echo(f"{post.name} does not stay up; the reason stands above.", err=True)
            return True
        click.echo(f"{post.name} fell and is started again", err=True)
        _end_group(process)  # its workers still have the port
        time.sleep(RESTART_AFTER_S)
        running[post] = _start(post)
    return False


def _wait_until_open(running: Mapping[Post, "subprocess.Popen[bytes]"]) -> None:
    """Wait until every server answers, or one of them has fallen."""
    for post, process in running.items():
        until = time.monotonic() + OPEN_WITHIN_S
        while post.port and process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                door = http.client.HTTPConnection(post.host, post.port, timeout=5)
                door.request("HEAD", "/")
                door.getresponse()
                break
            time.sleep(0.05)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _start(post: Post) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  our own module, no shell
        post.command, env=post.environment, start_new_session=True
    )


def _end(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Stop all processes, and what they started: a server's workers would keep its port."""
    for process in processes:
        process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        _end_group(process)
        process.wait()


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of a process's group; each of ours leads one (`_start`)."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
