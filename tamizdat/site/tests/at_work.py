"""A newsroom with a worker of its own, a real process; a relay that says nothing; its processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tamizdat.lib import alerts, worker_socket
from tamizdat.site.processes.serving import ROLES
from tamizdat.support.tests.box import Box, furnish
from tests.without_privileges import without_privileges

PATIENCE_S = 60


@dataclass
class AtWork(Box):
    """Counter, till and desk as in `Box`, and `tamizdat work`."""

    def tamizdat(self, *words, **more):
        """Begin a command of ours. What it says goes to a log in the newsroom's folder."""
        command = [sys.executable, "-m", "tamizdat.site", "--newsroom", str(self.folder), *words]
        with (self.folder / f"{words[0]}.log").open("a") as log:
            return subprocess.Popen(
                command, env=self.environment("desk"), stdout=log, stderr=log, **more
            )

    def unprivileged(self, *words):
        """Return the command line of a command of ours for which the modes of files count."""
        command = [sys.executable, "-m", "tamizdat.site", "--newsroom", self.folder, *words]
        return without_privileges(*command)

    def run_unprivileged(self, *words):
        """Run such a command to its end, and return what came of it."""
        return subprocess.run(
            self.unprivileged(*words), env=self.environment("desk"),
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def work(self):
        """Begin to work, and return the process once it listens."""
        process = self.tamizdat("work")
        self.processes["work"] = process
        until(lambda: self.listens() or process.poll() is not None)
        assert process.poll() is None, self.said("work")
        return process

    def serve(self, *roles):
        """Begin to serve, and return the process once all that it serves answers."""
        words = [word for role in roles for word in ("--role", role)]
        process = self.tamizdat("serve", *words)
        self.processes["serve"] = process
        until(lambda: self.is_open(*roles) or process.poll() is not None)
        assert process.poll() is None, self.said("serve")
        return process

    def is_open(self, *roles):
        return all(map(self.answers, roles or ROLES)) and (bool(roles) or self.listens())

    def answers(self, role):
        try:
            return bool(self.get(f"{getattr(self.newsroom.addresses, role)}/").status)
        except OSError:
            return False

    def listens(self):
        try:
            return bool(worker_socket.ask(self.newsroom, "status"))
        except worker_socket.NobodyListensError:
            return False

    def said(self, verb):
        return (self.folder / f"{verb}.log").read_text()

    def desk(self, sql):
        return self.databases.rows("default", self.folder, sql)

    def running(self, ending):
        """Return the numbers of the processes whose command ends so, once they are that command."""
        return [
            number
            for number, line in self.everybody().items()
            if line.rstrip().endswith(ending) and "parent_death" not in line
        ]

    def processes_of(self, role):
        """Return the numbers of a role's processes, the server before its workers."""
        parts = urlsplit(getattr(self.newsroom.addresses, role))
        lines = self.everybody().items()
        return sorted(number for number, line in lines if f"--port {parts.port} " in line)

    def environment_of(self, number):
        said = Path(f"/proc/{number}/environ").read_text().split("\0")
        return dict(line.split("=", 1) for line in said if "=" in line)

    def standing(self):
        return {alert.key: alert for alert in alerts.standing(self.newsroom.data)}

    def leave_nobody(self):
        """Kill what a story that went wrong left."""
        for number in self.everybody():
            os.kill(number, signal.SIGKILL)

    def everybody(self):
        """Return the command lines of all living processes of this newsroom, by number."""
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                around = (place / "environ").read_bytes()
                state = (place / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:  # it has ended, or is none of ours
                continue
            ours = str(self.folder) in line or os.fsencode(self.folder) in around
            if ours and state != "Z":
                found[int(place.name)] = line
        return found


def found(folder, databases, relay=""):
    """Make a newsroom with free ports, keys and databases of its own."""
    settings = (Path(os.environ["TAMIZDAT_NEWSROOM"]) / "tamizdat.toml").read_text()
    if relay:
        settings = settings.replace("[mail]", f'[mail]\nsend = "{relay}"')
    return AtWork(furnish(folder, settings, databases).folder, databases)


@contextmanager
def silent_relay():
    """A relay that takes the call and never says a word. Yields its listener."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_S)
        yield listener


def address_of(listener):
    return f"smtp://127.0.0.1:{listener.getsockname()[1]}"


def until(happened, patience_s=PATIENCE_S):
    """Wait until something has happened, and return what it gave; fail if it never does."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if given := happened():
            return given
        time.sleep(0.05)
    raise AssertionError("it never happened")
