"""A PostgreSQL server for one test run: real, private, on a socket in a folder of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

OWNER = "owner"
# Not the order of bytes: a newsroom's server sorts as its country does.
ORDER = ("-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
IN_A_HURRY = "-c fsync=off -c full_page_writes=off"
NAMED = "subjectAltName=IP:127.0.0.1"
FORGETFUL = "-c synchronous_commit=off"  # of what it said is committed a kill loses the last


class ServerMissingError(Exception):
    """PostgreSQL is not installed."""


class Server:
    """A server without disk syncs, and without network unless it has a port.

    One that `keeps` loses nothing that it said is committed when it is killed. One that `encrypts`
    has a certificate of its own for 127.0.0.1.
    """

    def __init__(self, *, port: int = 0, keeps: bool = False, encrypts: bool = False) -> None:
        self.port = port
        self._keeps, self._encrypts = keeps, encrypts
        self._binaries = _binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="tz-pg-", dir="/tmp"))  # sockets: short
        self._cluster = self.folder / "cluster"
        self._user = _lesser_user()
        if self._user:
            shutil.chown(self.folder, self._user)

    @property
    def certificate(self) -> Path:
        return self.folder / "server.crt"

    def address(self, database: str = "postgres", user: str = OWNER) -> str:
        port = f":{self.port}" if self.port else ""
        return f"postgresql://{user}@{quote(str(self.folder), safe='')}{port}/{database}"

    def address_by_network(self, database: str = "postgres", user: str = OWNER) -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(statement)

    def lay_out(self) -> None:
        """Make a cluster that holds nothing yet."""
        rights = ("-U", OWNER, "--auth=trust", "--no-sync")
        self._run(self._binaries / "initdb", "-D", self._cluster, *rights, *ORDER)

    def certify(self) -> None:
        """Make the certificate of one that encrypts."""
        key, whose = self.folder / "server.key", ("-subj", "/CN=tests", "-addext", NAMED)
        made = ("openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", *whose)
        self._run(*made, "-keyout", key, "-out", self.certificate)

    def pack(self, to: Path) -> None:
        """Keep the cluster of a stopped server in a file."""
        with to.open("wb") as file:
            self._run("tar", "-cz", "-C", self.folder, "cluster", stdout=file)

    def unpack(self, kept: Path) -> None:
        """Begin with a cluster that was kept, instead of an empty one."""
        shutil.rmtree(self._cluster, ignore_errors=True)
        with kept.open("rb") as file:
            self._run("tar", "-xz", "-C", self.folder, stdin=file)

    def start(self) -> None:
        network = f"-c listen_addresses=127.0.0.1 -c port={self.port}"
        options = [
            f"-c unix_socket_directories={self.folder} {IN_A_HURRY}",
            network if self.port else "-c listen_addresses=",
            "" if self._keeps else FORGETFUL,
            f"-c ssl=on -c ssl_cert_file={self.certificate}" if self._encrypts else "",
            f"-c ssl_key_file={self.folder}/server.key" if self._encrypts else "",
        ]
        self._control("-w", "-l", self.folder / "log", "-o", " ".join(options), "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop: "fast" leaves a cluster that can be kept."""
        self._control("-m", mode, "stop")

    def freeze(self) -> None:
        """Stop the server and all its back ends where they are: it accepts and never answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        postmaster = int((self._cluster / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, which)

    def remove(self) -> None:
        if (self._cluster / "postmaster.pid").exists():
            self.thaw()
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *words: object) -> None:
        self._run(self._binaries / "pg_ctl", "-D", self._cluster, *words)

    def _run(self, *command: object, stdin: object = None, stdout: object = None) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            user=self._user,
            cwd="/",
            stdin=stdin or subprocess.DEVNULL,
            stdout=stdout or subprocess.DEVNULL,
        )


@contextmanager
def server(*, port: int = 0, keeps: bool = False, encrypts: bool = False) -> Iterator[Server]:
    """Start an empty server, and remove it afterwards."""
    made = Server(port=port, keeps=keeps, encrypts=encrypts)
    try:
        made.lay_out()
        if encrypts:
            made.certify()
        made.start()
        yield made
    finally:
        made.remove()


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise ServerMissingError("initdb is missing: apt-get install postgresql-15")
    return found[-1].parent


def _lesser_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "postgres" if os.getuid() == 0 else None
