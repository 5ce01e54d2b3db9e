"""A PostgreSQL server for one test run: real, private, on a socket in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

OWNER = "owner"


class ServerMissingError(Exception):
    """PostgreSQL is not installed."""


@dataclass(frozen=True, slots=True)
class Server:
    folder: Path

    def address(self, database: str = "postgres", user: str = OWNER) -> str:
        return f"postgresql://{user}@{quote(str(self.folder), safe='')}/{database}"

    def run(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(
            host=str(self.folder), dbname=database, user=OWNER, autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def server() -> Iterator[Server]:
    """Start a server without network and without disk syncs, and remove it afterwards."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="tz-pg-", dir="/tmp"))
    user = _lesser_user()
    if user:
        shutil.chown(folder, user)
    cluster = folder / "cluster"
    _run(
        user,
        binaries / "initdb",
        "-D",
        cluster,
        "-U",
        OWNER,
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
    )
    options = f"-c unix_socket_directories={folder} -c listen_addresses= -c fsync=off"
    _run(
        user, binaries / "pg_ctl", "-D", cluster, "-w", "-l", folder / "log", "-o", options, "start"
    )
    try:
        yield Server(folder)
    finally:
        _run(user, binaries / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise ServerMissingError("initdb is missing: apt-get install postgresql-15")
    return found[-1].parent


def _lesser_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "postgres" if os.getuid() == 0 else None


def _run(user: str | None, *command: object) -> None:
    subprocess.run(
        [str(part) for part in command], check=True, user=user, stdout=subprocess.DEVNULL, cwd="/"
    )
