"""Counter and till as two real processes with folders and databases of their own newsroom."""

import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tamizdat.lib import alerts
from tamizdat.lib.newsroom import load
from tamizdat.lib.processes import web_server
from tamizdat.readers.keys import make
from tamizdat.readers.tests.room import tell
from tamizdat.support import call_keys
from tamizdat.support.pretend.book import Book
from tests.databases import Databases
from tests.free_ports import free_port

FOLDERS = ("data", "media", "edition", "keys", "theme")


@dataclass
class Answer:
    status: int
    headers: dict
    text: str

    @property
    def location(self):
        return self.headers.get("location", "")


@dataclass
class Box:
    """A running counter and till, and what a reader does with them."""

    folder: Path
    databases: Databases
    processes: dict = field(default_factory=dict)
    more: dict = field(default_factory=dict)  # of the environment
    command: Callable = field(default_factory=lambda: _granian)
    network: int = 0  # from which the reader comes

    @property
    def newsroom(self):
        return load(self.folder)

    def start(self, role):
        address = getattr(self.newsroom.addresses, role)
        command = self.command("127.0.0.1", urlsplit(address).port)
        with (self.folder / f"{role}.log").open("a") as log:
            environment = self.environment(role)
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.processes[role] = process
        wait_for(address)
        return process

    def environment(self, role):
        return {
            **{name: value for name, value in os.environ.items() if name != "TAMIZDAT_CLOCK"},
            "TAMIZDAT_NEWSROOM": str(self.folder),
            "TAMIZDAT_ROLE": role,
            "TAMIZDAT_CLOCK": str(self.folder / "data" / "clock"),
            "DJANGO_SETTINGS_MODULE": "tamizdat.site.settings",
            **self.more,
        }

    def run(self, role, code):
        """Run a line of Python in a role, as the worker would."""
        begin = "import django; django.setup(); from tamizdat.lib import clock; "
        command = [sys.executable, "-c", begin + code]
        done = subprocess.run(
            command, env=self.environment(role), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sweep(self):
        self.run("till", "from tamizdat.support.till.tasks import sweep; sweep(clock.now())")

    def forward(self, days):
        path = self.folder / "data" / "clock"
        whole = int(path.read_text() or 0) if path.exists() else 0
        path.write_text(str(whole + days * 86400))

    def stop(self):
        for role in list(self.processes):
            self.halt(role)

    def halt(self, role):
        process = self.processes.pop(role)
        process.terminate()
        process.wait(timeout=20)

    def move(self):
        """Let the reader come from another network, whose limits nobody has spent."""
        self.network += 1

    def get(self, address):
        return self._ask("GET", address, None)

    def post(self, address, /, **fields):
        return self._ask("POST", address, urlencode(fields))

    def call(self, path, body, caller="desk", **headers):
        """Make one of the till's calls, as the desk does, or another caller, or nobody."""
        key = call_keys.header(self.newsroom.keys, caller) if caller else ""
        headers = {"Content-Type": "application/json", "Authorization": key, **headers}
        return self._ask("POST", self.newsroom.addresses.till + path, body, **headers)

    def _ask(self, method, address, body, **headers):
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        if body is not None and not headers:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.network:
            network = f"10.{self.network}.0.0"  # as a web server in front would write it
            headers = {"X-Tamizdat-Network": network, **headers}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            lower = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, lower, answer.read().decode())

    def begin_contribution(self, interval="month"):
        """Begin a contribution of €5, as the counter does."""
        asked = {"amount": 500, "currency": "EUR", "interval": interval, "language": "en"}
        return self.call("/begin", json.dumps(asked), caller="counter")

    def pay_page(self, interval="month"):
        """The address of the payment page of a contribution that was begun."""
        return json.loads(self.begin_contribution(interval).text)["pay"]

    def alerts(self):
        """The keys of the alerts that stand."""
        return {each.key for each in alerts.standing(self.newsroom.data)}

    def rows(self, sql, *values):
        """Read the till's books."""
        return self.databases.rows("till", self.folder, sql, *values)

    def service_rows(self, sql):
        """Read the pretended payment service's own book."""
        file = f"file:{self.folder}/data/pretend.sqlite3?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as db:
            return db.execute(sql).fetchall()

    def counts(self):
        """How much the till holds of everything but refusals."""
        tables = ("contribution", "charge", "unmatchedcharge", "cursor")
        return [self.rows(f"SELECT count(*) FROM till_{table}")[0][0] for table in tables]

    def logs(self):
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


def _granian(host, port):
    return (
        *(*web_server.COMMAND, "--interface", "rsgi", "--no-ws", "--host", host),
        *("--port", str(port), "--workers", "1", "tamizdat.site.entry.app:app"),
    )


def furnish(folder, settings, databases):
    """Make a newsroom in `folder` with free ports, keys and databases."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for role_port in ("8000", "8001", "8002", "8003"):
        settings = settings.replace(f"127.0.0.1:{role_port}", f"127.0.0.1:{free_port()}")
    (folder / "tamizdat.toml").write_text(settings)
    make(folder / "keys", "a passphrase for the tests")
    call_keys.make(folder / "keys")
    databases.of_its_own(folder)
    tell(load(folder), databases)
    Book(folder / "data" / "pretend.sqlite3")
    return Box(folder, databases)


def wait_for(address):
    parts = urlsplit(address)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as one:
            if one.connect_ex((parts.hostname, parts.port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(address)


def hidden(html, name):
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]
