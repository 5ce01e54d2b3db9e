"""How many honest readers get through at counter and till while somebody floods them.

The roles run as `tamizdat serve` runs them. A process of its own floods them as fast as it can
from 1, 16 or 256 networks, a second ahead of the readers, and pays prices with one core. Readers
come 25 a second: most from networks of their own, some from the flood's (neighbours). Those with
a script bring a base proof where the page makes one, and pay what an answer page asks; those
without send their form once.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench._flood import network
from bench._rows import Row, row
from bench._visitor import GOOD, Answer, Fields, Visitor, declaration, sign_up
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.processes.serving import processes
from tests import proofs
from tests.demonstration import copied
from tests.free_ports import free_ports

ROOT = Path(__file__).parents[1]
NETWORKS = (1, 16, 256)
SECONDS, PAUSE_S = 18.0, 0.04  # of a flood; between two readers
LONGEST_S = 10.0  # of a reader's arrival: what came later could not be answered in time
TRIES = 3
LEAST, LEAST_WITHOUT_SCRIPT = 0.99, 0.9
WHO = ("honest", "no_script", "neighbour", "neighbour_no_script")


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` floods from one network for two seconds, judging nothing."""
    made = []
    many, seconds = ((1,), 2.0) if smoke else (NETWORKS, SECONDS)
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        newsroom = copied(Path(place) / "newsroom", free_ports(4))
        for role in ("counter", "till"):
            runs = [_run(newsroom, role, networks, seconds) for networks in many]
            made += _rows(role, runs)
    return made


@dataclass
class Run:
    """One flood: who came, who got through, and how hard it was."""

    networks: int
    came: Counter[str] = field(default_factory=Counter)
    through: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    flood: Mapping[str, Any] = field(default_factory=dict)

    def share(self, who: str) -> float:
        return self.through[who] / max(self.came[who], 1)


def _run(newsroom: Newsroom, role: str, networks: int, seconds: float) -> Run:
    with _serving(newsroom), ProcessPoolExecutor(1) as pool:
        consent = _consent(newsroom)
        crowd = Crowd(newsroom, role, consent, pool, Run(networks))
        crowd.prepare(int(min(seconds, LONGEST_S) / PAUSE_S))
        orders = {
            "role": role,
            "networks": networks,
            "seconds": seconds,
            "counter": newsroom.addresses.counter,
            "till": newsroom.addresses.till,
            "consent": consent,
        }
        command = (sys.executable, "-m", "bench._flood", json.dumps(orders))
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as flooding:
            time.sleep(1.5)  # until its buckets are empty
            crowd.come()
            said, _ = flooding.communicate(timeout=60)
        crowd.run.flood = json.loads(said)
        return crowd.run


@contextmanager
def _serving(newsroom: Newsroom) -> Iterator[None]:
    """Run counter and till with the commands that `tamizdat serve` starts."""
    kept = processes(newsroom, ("counter", "till"), host="127.0.0.1", port=None, upkeep=False)
    running = [
        subprocess.Popen(post.command, env={**os.environ, **post.environment}) for post in kept
    ]
    try:
        for post in kept:
            _wait(f"http://{post.host}:{post.port}/en/nothing")
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def _wait(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _consent(newsroom: Newsroom) -> str:
    with urllib.request.urlopen(f"{newsroom.addresses.counter}/en/subscribe", timeout=20) as page:
        found = re.search(r'name="consent" value="([^"]*)"', page.read().decode())
    assert found
    return found[1]


@dataclass
class Crowd:
    """Honest readers, each in a thread of their own; what they compute has one core."""

    newsroom: Newsroom
    role: str
    consent: str
    pool: ProcessPoolExecutor
    run: Run
    waiting: list[tuple[int, str, Fields]] = field(default_factory=list)

    def prepare(self, many: int) -> None:
        """Type what they are going to send; a page's script works while they do."""
        for n in range(many):
            who = WHO[2 + n // 20 % 2] if n % 20 == 0 else WHO[n % 2]
            address = f"reader{n}@example.org"
            fields = sign_up(address, self.consent) if self.role == "counter" else declaration()
            if self.role == "counter" and not who.endswith("no_script"):
                fields["stamp"] = proofs.base("subscribe", address, proofs.today(), f"{n:016}")
            self.waiting.append((n, who, fields))

    def come(self) -> None:
        """Send them one after the other, and wait until the last has an answer."""
        there = [threading.Thread(target=self._one, args=each) for each in self.waiting]
        for thread in there:
            thread.start()
            time.sleep(PAUSE_S)
        for thread in there:
            thread.join()

    def _one(self, n: int, who: str, fields: Fields) -> None:
        addresses = self.newsroom.addresses
        one = Visitor(addresses.counter, addresses.till, f"12.{n}.7.0")
        if who.startswith("neighbour"):
            one.network = network(n % self.run.networks)
        started = time.monotonic()
        try:
            is_through = self._is_through(one, who, fields)
        except OSError:
            is_through = False
        self.run.came[who] += 1
        self.run.through[who] += is_through
        self.run.slowest[who] = max(self.run.slowest[who], time.monotonic() - started)

    def _is_through(self, one: Visitor, who: str, fields: Fields) -> bool:
        has_script = not who.endswith("no_script")
        if self.role == "counter":
            done = self._send(one, ("counter", "/en/subscribe"), fields, has_script=has_script)
            return done.is_taken
        begun = self._send(one, ("counter", "/en/declare"), fields, has_script=has_script)
        if not begun.location:
            return False
        paid = self._send(one, ("till", begun.location), {"handle": GOOD}, has_script=has_script)
        return "/thanks/" in paid.location

    def _send(
        self, one: Visitor, to: tuple[str, str], fields: Fields, *, has_script: bool
    ) -> Answer:
        """Send a form; with a script, pay what is asked."""
        answer = one.post(*to, fields)
        for _ in range(TRIES - 1):
            price = proofs.asked(answer.text)
            if price is None or not has_script:
                break
            address = fields.get("address", "")
            stamp = self.pool.submit(proofs.priced, price, address, proofs.today()).result()
            answer = one.post(*to, fields | {"stamp": stamp})
        return answer


def _rows(role: str, runs: list[Run]) -> list[Row]:
    """Return the worst of all runs for those whom the flood must not touch, each with its flood."""
    limits = {"honest": LEAST, "no_script": LEAST_WITHOUT_SCRIPT}
    made = []
    for who in WHO:
        worst = min(runs, key=lambda run: run.share(who))
        share = row(f"{role}_flood_{who}_share", worst.share(who), "of all", least=limits.get(who))
        made.append(share | {"each": {str(run.networks): _told(run, who) for run in runs}})
    return made


def _told(run: Run, who: str) -> str:
    """Say in a line what a run was."""
    flood, slowest = run.flood, run.slowest[who]
    return (
        f"{run.through[who]} of {run.came[who]}, the slowest in {slowest:.1f} s, against"
        f" {flood['rate']:.0f} requests a second, {flood.get('taken', 0)} of them taken"
        f" ({flood.get('paid', 0)} paid for at {flood['hashes_a_second'] / 1e6:.1f} million"
        f" hashes a second); {os.cpu_count()} cores for all"
    )
