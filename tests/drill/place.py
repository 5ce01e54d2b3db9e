"""A newsroom in earnest with real processes, each of whose files is in one folder."""

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tamizdat.letters.admin import key_state
from tamizdat.readers import keys
from tamizdat.site.founding.newsroom import lay_out_rooms
from tamizdat.support import call_keys
from tamizdat.support.tests.box import Box
from tests.databases import Databases
from tests.drill.relay import Relay

ROOT = Path(__file__).parents[2]
PASSPHRASE = "a passphrase that nobody finds"


@dataclass
class Place(Box):
    """Counter and till as in `Box`, a worker, a relay, and a clock that is moved by hours."""

    relay: Relay = field(default_factory=Relay)
    worker: subprocess.Popen | None = None

    def environment(self, role: str) -> dict[str, str]:
        return super().environment(role) | {"TMPDIR": str(self.folder / "tmp")}

    def hire(self) -> None:
        """Start the worker."""
        command = [sys.executable, "-m", "tests.drill.worker", str(self.folder)]
        with (self.folder / "worker.log").open("a") as log:
            self.worker = subprocess.Popen(
                command, env=self.environment("desk"), cwd=ROOT, text=True, bufsize=1,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    def round(self) -> None:
        """Let the worker do one round, in which nothing may fail."""
        self.begin_round()
        said = self.worker.stdout.readline().split()
        assert said == ["round"], f"a round failed: {said}, see worker.log"

    def begin_round(self) -> None:
        self.worker.stdin.write("round\n")
        self.worker.stdin.flush()

    def kill_worker(self) -> None:
        """Kill it by signal 9, in the middle of what it does."""
        self.worker.kill()
        self.worker.wait()
        self.worker = None

    def later(self, **span: float) -> None:
        """Move the clock forward."""
        path = self.folder / "data/clock"
        moved = int(path.read_text() or 0) if path.exists() else 0
        path.write_text(str(moved + int(timedelta(**span).total_seconds())))

    def hear_of_new_keys(self) -> None:
        """Start the counter anew: it asks for keys each half minute, and our clock made a leap."""
        self.halt("counter")
        self.start("counter")

    def unlock(self) -> None:
        assert key_state.unlock(self.newsroom, PASSPHRASE).is_open

    def lock(self) -> None:
        assert not key_state.lock(self.newsroom).is_open

    def close(self) -> None:
        """Stop everything that was started."""
        if self.worker is not None:
            self.worker.stdin.close()
            self.worker.wait(20)
        self.stop()
        self.relay.close()


def furnish(folder: Path, databases: Databases, relay: Relay) -> Place:
    """Make the databases and the keys of a newsroom that `ground` laid out."""
    from django.conf import settings

    databases.provide()
    keys.make(folder / "keys", PASSPHRASE)
    call_keys.make(folder / "keys")
    lay_out_rooms(settings.NEWSROOM)
    return Place(folder, databases, relay=relay)
