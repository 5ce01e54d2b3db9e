"""A newsroom on a PostgreSQL server of its own, served by the commands of a newsroom.

What tests and measurements need that kill, stop and start the server under it.
"""

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tamizdat.support.tests.box import Answer, Box
from tests import founded
from tests.databases import OnSqlite
from tests.free_ports import free_ports
from tests.postgres import Server

PASSPHRASE = "a passphrase for the tests"
PATIENCE_S = 60
ROOT = Path(__file__).parents[1]
FORM = "application/x-www-form-urlencoded"


class Sheet(Box):
    """A newsroom whose processes a test starts, and the server that it stops."""

    def __init__(self, folder: Path, machine: Server) -> None:
        super().__init__(folder, OnSqlite())
        self.machine = machine
        self.serving: list[subprocess.Popen] = []

    @classmethod
    def found(cls, folder: Path, machine: Server) -> "Sheet":
        """Found a newsroom on the databases of a `migrated_server`, which runs."""
        addresses = {name: machine.address(each) for name, each in founded.VARIABLES.items()}
        founded.found(folder, addresses, free_ports(4), PASSPHRASE)
        return cls(folder, machine)

    def environment(self, role: str = "") -> dict[str, str]:
        """Return a role's environment, or that of who serves them all."""
        named = {name: self.machine.address(each) for name, each in founded.VARIABLES.items()}
        kept = {each: os.environ[each] for each in os.environ if not each.startswith("TAMIZDAT")}
        ours = {
            "TAMIZDAT_NEWSROOM": str(self.folder),
            "TAMIZDAT_PASSPHRASE": PASSPHRASE,
            "DJANGO_SETTINGS_MODULE": "tamizdat.site.settings",
        }
        return kept | named | ours | ({"TAMIZDAT_ROLE": role} if role else {})

    def tamizdat(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "tamizdat.site", *map(str, words)],
            env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip

    def begin(self, *words: str) -> subprocess.Popen:
        """Start a command that goes on, such as `serve` or `work`. What it says is in its log."""
        return self.begin_module("", "tamizdat.site", *words)

    def begin_module(self, role: str, module: str, *words: str) -> subprocess.Popen:
        """Start a module in a role as a program that goes on."""
        with (self.folder / f"{words[0]}.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words], cwd=ROOT,
                env=self.environment(role), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.serving.append(process)
        return process

    def close(self) -> None:
        """Stop all that was started."""
        for process in self.serving:
            process.terminate()
        for process in self.serving:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.serving.clear()

    def asks(self, role: str, path: str, **fields: str) -> Answer:
        """Ask a role once; status 0 if it was not there."""
        address = getattr(self.newsroom.addresses, role) + path
        try:
            return self.post(address, **fields) if fields else self.get(address)
        except (OSError, http.client.HTTPException):
            return Answer(0, {}, "")

    def asked_by_somebody(self, method: str, role: str, path: str, body: str | None) -> Answer:
        """Ask as a reader of some network, who brings no proof of work; status 0 if it broke."""
        network = ".".join(str(random.randint(1, 223)) for _ in range(4))
        headers = {"Content-Type": FORM} if body else {}
        address = getattr(self.newsroom.addresses, role) + path
        try:
            return self._ask(method, address, body, **{"X-Tamizdat-Network": network}, **headers)
        except (OSError, http.client.HTTPException):
            return Answer(0, {}, "")

    def at_the_desk(self) -> int:
        """Ask the desk for a page that it must look a session up for; 302 where it could."""
        address = f"{self.newsroom.addresses.desk}/desk/"
        try:
            return self._ask("GET", address, None, Cookie=f"desk={'s' * 32}").status
        except (OSError, http.client.HTTPException):
            return 0

    def at_last(self, role: str, path: str, status: int = 200, **fields: str) -> Answer:
        """Ask until the answer has this status, or for a minute."""
        until = time.monotonic() + PATIENCE_S
        while (answer := self.asks(role, path, **fields)).status != status:
            if time.monotonic() > until:
                break
            time.sleep(0.1)
        return answer

    def read(self, database: str, sql: str) -> list[tuple]:
        """Read one of its databases."""
        with psycopg.connect(self.machine.address(database)) as connection:
            return connection.execute(sql).fetchall()

    def waits_for(self, database: str, sql: str, expected: object) -> object:
        """Read one value again and again until it is the expected one, or for a minute."""
        until = time.monotonic() + PATIENCE_S
        while (found := self.read(database, sql)[0][0]) != expected and time.monotonic() < until:
            time.sleep(0.1)
        return found
