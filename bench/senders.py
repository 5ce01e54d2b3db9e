"""Honest readers of counter and till while others send bodies as slowly as they can.

Both run as `tamizdat serve` starts them. 200 senders announce a form and send one byte of it every
five seconds; who is sent away comes back. Ten readers meanwhile look at a page and send a form,
each over a new connection. What is not answered within ten seconds, or not as it should be, is an
error. Three times 20 seconds; and 20 without senders, for comparison.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from bench._costs import MB, family, resident
from bench._rows import Row, row
from tamizdat.lib.newsroom import Newsroom
from tests.demonstration import copied
from tests.free_ports import free_ports

ROLES = ("counter", "till")

SENDERS, READERS = 200, 10
A_BYTE_EVERY_S, PATIENCE_S, PAUSE_S = 5.0, 10.0, 0.1
ROUNDS, SECONDS = 3, 20.0
PRICED = 429  # our reader leaves hundreds of times from one network: a price is asked then
TOKEN = "t" * 26
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
LEAVE = ("POST", f"/en/leave/{TOKEN}", "a=1")
ASKED = {  # what readers ask, and the status that is right
    "counter": ((("GET", "/en/subscribe", ""), 200), (LEAVE, 200)),
    "till": ((("GET", f"/pay/{TOKEN}", ""), 404), (("POST", "/status", "{}"), 403)),
}
SENT_TO = {"counter": "/en/subscribe", "till": "/status"}  # which read the bodies


@dataclass(frozen=True)
class Door:
    """A role, and the port on which it listens."""

    role: str
    port: int


@dataclass
class Seen:
    """What honest readers met."""

    errors: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def p95_ms(self) -> float:
        """The time in which 95 of 100 requests were answered."""
        return quantiles(self.seconds, n=20)[-1] * 1_000


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` takes a second each and judges nothing."""
    rounds, seconds = (1, 1.0) if smoke else (ROUNDS, SECONDS)
    made: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        newsroom = copied(Path(place) / "newsroom", free_ports(4))
        addresses = {role: getattr(newsroom.addresses, role) for role in ROLES}
        doors = [Door(role, urlsplit(address).port or 0) for role, address in addresses.items()]
        with _serving(newsroom, doors) as process:
            for door in doors:
                alone = asyncio.run(_readers(door, 0, 1, seconds))
                beside = asyncio.run(_readers(door, SENDERS, rounds, seconds))
                held = sum(resident(each) for each in family(_of_role(process, door))) / MB
                made += _rows(door.role, alone, beside, held)
    return made


@contextmanager
def _serving(newsroom: Newsroom, doors: Sequence[Door]) -> Iterator[int]:
    roles = [each for door in doors for each in ("--role", door.role)]
    serve = ("-m", "tamizdat.site", "--newsroom", str(newsroom.folder), "serve", *roles)
    command = (sys.executable, *serve)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for door in doors:
            _wait(door.port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _of_role(watcher: int, door: Door) -> int:
    """Return the first process of the server of a role."""
    named = f"--port\0{door.port}\0".encode()
    started = (each for each in family(watcher) if each != watcher)
    return next(each for each in started if named in Path(f"/proc/{each}/cmdline").read_bytes())


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"nothing listens on {port}")


async def _readers(door: Door, senders: int, rounds: int, seconds: float) -> Seen:
    seen = Seen()
    for _ in range(rounds):
        slow = [asyncio.create_task(_send_slowly(door)) for _ in range(senders)]
        await asyncio.sleep(min(1.0, seconds))  # all have begun
        await asyncio.gather(*(_read(door, seen, seconds) for _ in range(READERS)))
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
    return seen


async def _send_slowly(door: Door) -> None:
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(_request("POST", SENT_TO[door.role], "", length=1_000))
            try:
                while not reader.at_eof():
                    writer.write(b"a")
                    with suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(1_000), A_BYTE_EVERY_S)
            finally:
                writer.close()


async def _read(door: Door, seen: Seen, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for asked, right in ASKED[door.role]:
            started = time.monotonic()
            status = 0
            with suppress(OSError, TimeoutError):
                status = await asyncio.wait_for(_ask(door.port, asked), PATIENCE_S)
            seen.errors += status != right and (asked, status) != (LEAVE, PRICED)
            seen.seconds.append(time.monotonic() - started)
            await asyncio.sleep(PAUSE_S)


async def _ask(port: int, asked: Sequence[str]) -> int:
    method, path, body = asked
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(_request(method, path, body, length=len(body)))
        answer = await reader.read()
        return int(answer[9:12] or 0)
    finally:
        writer.close()


def _request(method: str, path: str, body: str, *, length: int) -> bytes:
    said = f"{FORM}Content-Length: {length}\r\n" if method == "POST" else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{said}\r\n"
    return f"{head}{body}".encode()


def _rows(role: str, alone: Seen, beside: Seen, held: float) -> list[Row]:
    return [
        row(f"{role}_slow_senders_errors", beside.errors, "errors", 0),
        row(f"{role}_slow_senders_p95_ms", beside.p95_ms, "ms"),
        row(f"{role}_p95_ms", alone.p95_ms, "ms"),
        row(f"{role}_mb", held, "MB"),
    ]
