"""Real nginx and Caddy for one test run, as Debian ships them, unpacked and never installed.

And our own front, which is to answer as they do.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tamizdat.press.server import command as edition_server

TOOLS = Path(__file__).parents[1] / ".cache/tools"
NGINX, CADDY = TOOLS / "nginx/usr/sbin/nginx", TOOLS / "caddy/usr/bin/caddy"
NGINX_MODULES = TOOLS / "nginx/usr/lib/nginx/modules"
PATIENCE_S = 30.0
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class WebServerMissingError(Exception):
    """A web server has not been unpacked: make tools."""


@contextmanager
def nginx(
    sites: str, folder: Path, port: int, *, more: str = "", access_log: str = "off"
) -> Iterator[int]:
    """Serve sites (what stands in sites-enabled) with nginx; yields its process.

    All that it writes lies in the folder: what it says in `said`, its logs, and what stands in
    the sites as a file in /var/log/nginx/.
    """
    sites = sites.replace("/var/log/nginx/", f"{folder}/")
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers cannot read our files
    temporary = "".join(f"{name}_temp_path {folder}/{name}; " for name in TEMPORARY)
    events = "events { worker_connections 8192; }"
    config = folder / "nginx.conf"
    config.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/log; {more} {events}\n"
        f"http {{ {temporary} access_log {access_log};\n{sites}\n}}\n"
    )
    command = (str(NGINX), "-c", str(config), "-p", str(folder))
    with _running(command, port, said=folder / "said") as process:
        yield process


@contextmanager
def caddy(
    sites: str, folder: Path, port: int, *, more: tuple[str, ...] = ("auto_https off",)
) -> Iterator[int]:
    """Serve sites (a Caddyfile with a global block) with Caddy; yields its process.

    All that it writes lies in the folder; what it says in `said`. `more` are lines of the block.
    """
    config = folder / "Caddyfile"
    first = "".join(f"\t{line}\n" for line in ("admin off", *more))
    config.write_text(sites.replace("\n{\n", f"\n{{\n{first}", 1))
    home = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    command = (str(CADDY), "run", "--adapter", "caddyfile", "--config", str(config))
    with _running(command, port, home, said=folder / "said") as process:
        yield process


@contextmanager
def front(edition: Path, port: int) -> Iterator[int]:
    """Serve an edition's folder with our own front; yields the process of its server."""
    command = edition_server.command("127.0.0.1", port)
    with _running(command, port, {"TAMIZDAT_EDITION": str(edition)}) as process:
        yield process


@contextmanager
def _running(
    command: tuple[str, ...],
    port: int,
    environment: dict[str, str] | None = None,
    said: Path = Path(os.devnull),
) -> Iterator[int]:
    if not Path(command[0]).exists():
        raise WebServerMissingError(command[0])
    with said.open("w") as speaks:
        process = subprocess.Popen(
            command, env=os.environ | (environment or {}), stdout=speaks, stderr=speaks
        )
        try:
            _wait(process, port)
            yield process.pid
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"does not listen on {port}: {process.args!r}")
