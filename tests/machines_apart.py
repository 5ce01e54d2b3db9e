"""Machines of one newsroom: a folder each, in which the commands of a howto are run.

A machine has its own root, below which `/srv` and `/etc` lie, and nothing else of the others.
`scp` is the only way between them, and `systemctl` starts what stands in the files that the
commands wrote: the printed unit as systemd would, and real Caddy and nginx.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import webservers
from tests.howtos import Block
from tests.postgres import Server
from tests.service_manager import ServiceManager

SERVICE = "etc/systemd/system/tamizdat.service"
# Of this machine: "desk.internal:/srv" is another's.
PLACES = re.compile(r"(?<![\w:./])/(srv|etc)/")
TABLE = r"^\[{}\]\n.*?(?=^\[|\Z)"
ROOT = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent
COMMANDS = {
    "tamizdat": f"""
        if [ "$1" = init ]; then cd {ROOT}; exec {PROGRAMS}/python -m tests.init_quickly "$@"; fi
        exec {PROGRAMS}/tamizdat "$@"
    """,
    "scp": """
        words=()
        for word; do case "$word" in *:*) word="$MACHINES/${word%%:*}${word#*:}";; esac
        words+=("$word"); done
        exec cp "${words[@]}"
    """,
    "runuser": 'shift 3; exec "$@"',
    "chown": "exit 0",
    "systemctl": 'echo "$@" >> "$MACHINE/systemctl"',
}


@dataclass
class World:
    """What all machines have in common: where they lie, and what is between them."""

    folder: Path
    server: Server
    said: dict[str, str]  # what the howtos call it: what it is here
    variables: dict[str, str]  # that a test gives to every command and service
    left: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self):
        tools = self.folder / "bin"
        tools.mkdir()
        for name, does in COMMANDS.items():
            (tools / name).write_text(f"#!/bin/bash\n{does}\n")
            (tools / name).chmod(0o755)
        self.environment = {
            "PATH": f"{tools}:{PROGRAMS}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "MACHINES": str(self.folder),
            **self.variables,
        }

    def here(self, text):
        """Return what a howto says with the names of this world in it."""
        for theirs, ours in self.said.items():
            text = text.replace(theirs, ours)
        return text

    def run_sql(self, text):
        """Run statements as the owner of the database server."""
        whom = ("-h", str(self.server.folder), "-U", "owner", "-d", "postgres")
        command = ("psql", "-q", "-v", "ON_ERROR_STOP=1", *whom)
        subprocess.run(command, input=self.here(text), text=True, check=True)


class Machine:
    """One machine. `first` is the port that stands for 8000 on it."""

    def __init__(self, world, name, first):
        self.world, self.name, self.first = world, name, first
        self.root = world.folder / name
        for place in ("srv", "etc/tamizdat", "etc/systemd/system", "etc/caddy"):
            (self.root / place).mkdir(parents=True)
        (self.root / "etc/nginx/sites-enabled").mkdir(parents=True)
        self.service = None
        self._manager = None
        self._is_ready = False

    @property
    def newsroom(self):
        return self.root / "srv/newsroom"

    def follow(self, block: Block):
        """Do what a block of a howto says. Return what its commands printed."""
        if block.kind == "toml":
            return self._set(block.text)
        if block.file:
            return self._write(block)
        return self.run(block.text, check="doctor" not in block.text)

    def run(self, text, *, check=True):
        """Run commands, and start what they told systemd to start. Return what they printed."""
        done = subprocess.run(
            ["bash", "-e", "-c", self._here(text)], env=self._environment(), cwd=self.root,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        asked = self.root / "systemctl"
        for words in asked.read_text().splitlines() if asked.exists() else ():
            self._do(words)
        asked.unlink(missing_ok=True)
        return done.stdout

    def begin(self, *words):
        """Begin a command that goes on. What it says is in a file of its name."""
        said = self.root / f"{words[0]}.said"
        with said.open("w") as out, (self.root / f"{words[0]}.log").open("w") as log:
            process = subprocess.Popen(
                ["tamizdat", "--newsroom", str(self.newsroom), *words],
                env=self._environment() | self._file_of_variables(), stdout=out, stderr=log,
            )  # fmt: skip
        self.world.left.callback(_end, process)
        return said

    def start(self):
        """Start the service as systemd does: its command, and the variables of its file alone."""
        (command,) = self._of_unit("ExecStart")
        words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(command)]
        self._manager, self._is_ready = self.world.left.enter_context(ServiceManager()), False
        environment = self.world.environment | self._file_of_variables() | self._manager.variables
        with (self.root / "log").open("a") as log:
            self.service = subprocess.Popen(
                words, env=environment, cwd=self.root, stdout=log, stderr=log
            )
        self.world.left.callback(_end, self.service)

    def is_up(self):
        """Wait until the service says that it is ready."""
        if not self._is_ready:
            self._manager.until("READY=1")
            self._is_ready = True
        return self

    def stop(self):
        """Stop the service, and return what it ended with."""
        self.service.terminate()
        return self.service.wait(15)

    @contextmanager
    def frozen(self):
        """Let the service stand still: whoever calls it gets no answer, and nothing of it ends."""
        processes = family(self.service.pid)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def log(self):
        return (self.root / "log").read_text()

    def holds(self):
        """Return the names of the files and folders of the newsroom, and of its keys."""
        keys = self.newsroom / "keys"
        return {each.name for each in (*self.newsroom.iterdir(), *keys.iterdir())}

    def _environment(self):
        return self.world.environment | {"MACHINE": str(self.root)}

    def _here(self, text):
        text = PLACES.sub(lambda found: f"{self.root}/{found[1]}/", self.world.here(text))
        return text.replace("--port 8000", f"--port {self.first}")

    def _set(self, text):
        """Put tables into the settings, in the place of those that have their names."""
        path = self.newsroom / "tamizdat.toml"
        before = path.read_text()
        for name in re.findall(r"^\[(.+)\]$", text, re.MULTILINE):
            pattern = re.compile(TABLE.format(re.escape(name)), re.MULTILINE | re.DOTALL)
            before = pattern.sub("", before)
        path.write_text(f"{before}\n{text}")
        return ""

    def _write(self, block):
        path = Path(self._here(block.file))
        path.write_text(self.world.here(block.text))
        path.chmod(0o600)
        return ""

    def _do(self, words):
        if "enable --now tamizdat" in words:
            self.start()
        elif words == "reload caddy":
            sites = (self.root / "etc/caddy/Caddyfile").read_text()
            self._serve(webservers.caddy, sites)
        elif words == "reload nginx":
            sites = "".join(
                path.read_text() for path in (self.root / "etc/nginx/sites-enabled").iterdir()
            )
            self._serve(webservers.nginx, sites)

    def _serve(self, server, sites):
        folder = self.root / server.__name__
        folder.mkdir()
        port = int(re.search(r"(?:http://127\.0\.0\.1:|listen )(\d+)", sites)[1])
        self.world.left.enter_context(server(sites, folder, port))

    def _of_unit(self, name):
        lines = (self.root / SERVICE).read_text().splitlines()
        return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]

    def _file_of_variables(self):
        (named,) = self._of_unit("EnvironmentFile")
        path = Path(PLACES.sub(lambda found: f"{self.root}/{found[1]}/", named.lstrip("-")))
        lines = path.read_text().splitlines() if path.exists() else []
        return dict("".join(shlex.split(line)).split("=", 1) for line in lines)


def _end(process):
    if process.poll() is None:
        process.terminate()
        process.wait(15)


def socket_of(server: Server) -> str:
    """Return the host of a server's address, as it stands in a URL."""
    return re.search(r"@(.+)/", server.address())[1]


def family(process: int) -> list[int]:
    """Return the numbers of a process and of all that it began, parents first."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in family(int(child)))]
