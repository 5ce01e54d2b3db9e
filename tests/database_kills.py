"""Kill the database server under a newsroom at named points: `python -m tests.database_kills N`.

Readers sign up and give, `work` collects and sends. At each point the server is killed by
`pg_ctl stop -m immediate` and started again. Then every sign-up that was answered with thanks has
its letter, and every charge of the payment service stands in the books, once.
"""

import itertools
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import without_pytest
from tests.losing import BEGINNING, HANDED_OVER, POINTS

PATIENCE_S = 90
GOOD_CARD = "4242424242424242"

NEWSLETTER = """
from tamizdat.letters.actions.newsletters import Words, save
save("friday", 4, {"en": Words("The Friday Scales", "The week.", "Every Friday")}, clock.now())
"""
UNSENT = "SELECT count(*) FROM letters_letter WHERE state <> 'handed'"
SWEEP = """
from datetime import timedelta
from tamizdat.support.till.paying import checkout
from tamizdat.support.till.tasks import reconcile
reconcile(checkout(), clock.now() + timedelta(minutes=11))
"""


@dataclass
class Readers:
    """What readers do with a newsroom whose roles lose their database, and what they were told."""

    sheet: Any
    kills: Counter = field(default_factory=Counter)
    signed_up: list[str] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    work: Any = None
    _made: int = 0

    def begin(self):
        """Start counter, till and `work`, each of which can lose its database at a point."""
        sheet = self.sheet
        sheet.run("desk", NEWSLETTER)
        for role in ("counter", "till"):
            port = urlsplit(getattr(sheet.newsroom.addresses, role)).port
            sheet.begin_module(role, "tests.losing", role, str(port))
        self.begin_to_work()
        sheet.at_last("counter", "/en/subscribe")
        sheet.at_last("till", "/begin", 405)

    def begin_to_work(self):
        self.work = self.sheet.begin_module("desk", "tests.losing", "work")

    def end_work_and_begin(self):
        """Have `work` begin anew: a database can be lost while it does."""
        self.work.terminate()
        self.work.wait(PATIENCE_S)
        self.begin_to_work()

    def lose_at(self, point):
        """Have something done that passes this point, and kill the server there."""
        data, machine = self.sheet.newsroom.data, self.sheet.machine
        (data / "lose-at").write_text(point)
        acting = threading.Thread(target=self._act_that_passes(point), daemon=True)
        acting.start()
        if not _waits_for((data / "reached").exists):
            self.failed.append(f"nobody came {point}")
            return
        machine.stop("immediate")
        (data / "reached").unlink()
        (data / "lost").touch()
        time.sleep(random.uniform(0, 0.3))
        machine.start()
        self.kills[point] += 1
        acting.join(PATIENCE_S)
        if acting.is_alive():
            self.failed.append(f"somebody waits for ever {point}")

    def _act_that_passes(self, point):
        if point == BEGINNING:
            return self.end_work_and_begin
        return self.give if POINTS[point] == "till" else self.sign_up

    def sign_up(self):
        """Sign up, again and again as the page asks, until it says thanks."""
        self._made += 1
        address = f"reader{self._made:04}@example.org"
        for _ in _tries():
            form = self._ask("GET", "counter", "/en/subscribe")
            consent = re.search(r'name="consent" value="([^"]*)"', form.text)
            if consent is None:
                continue
            body = f"address={address}&newsletter=friday&consent={consent[1]}"
            if self._ask("POST", "counter", "/en/subscribe", body).status == 200:
                self.signed_up.append(address)
                return
        self.failed.append(f"{address} never signed up")

    def give(self):
        """Give monthly; where the page breaks load it again, and pay again if it asks to."""
        asked = {"amount": 500, "currency": "EUR", "interval": "month", "language": "en"}
        begun = self.sheet.call("/begin", json.dumps(asked), caller="counter")
        page = urlsplit(json.loads(begun.text)["pay"]).path
        for _ in _tries():
            answer = self._ask("GET", "till", page)
            if 'name="handle"' in answer.text:
                answer = self._ask("POST", "till", page, f"handle={GOOD_CARD}")
            if answer.status == 303:
                self.paid.append(answer.location)
                return
        self.failed.append("somebody was never led to the thanks page")

    def _ask(self, method, role, path, body=None):
        """Ask like a browser of some network; status 0 where the connection broke."""
        return self.sheet.asked_by_somebody(method, role, path, body)

    def outcome(self):
        """Wait until all is done, and say what was lost, and what was done twice."""
        sheet = self.sheet
        waiting = "SELECT count(*) FROM counter_envelope"
        left = sheet.waits_for("counter", waiting, 0), sheet.waits_for("desk", UNSENT, 0)
        if any(left):
            self.failed.append(f"{left} submissions and letters wait")
        # A submission leaves the counter before its letter leaves the desk: both can be at nought.
        _waits_for(lambda: set(self.signed_up) <= set(self._letters()))
        sheet.run("till", SWEEP)
        letters = self._letters()
        there = sorted(sheet.service_rows("SELECT ref FROM charge"))
        here = sorted(sheet.read("till", "SELECT ref FROM till_charge"))
        handed_over = sheet.newsroom.data / HANDED_OVER
        attempts = Counter(handed_over.read_text().split() if handed_over.exists() else ())
        return {
            "kills": dict(self.kills),
            "failed": self.failed,
            "lost": sorted(set(self.signed_up) - set(letters))
            + [f"charge {ref}" for (ref,) in set(there) - set(here)]
            + [f"contribution {n}" for n in range(len(self.paid) - len(here))],
            "repeated": [each for each, times in attempts.items() if times > 1]
            + [f"charge {n}" for n in range(len(there) - len(self.paid))]
            + [f"letters to {to}" for to, times in Counter(letters).items() if times > 1],
        }

    def _letters(self):
        mailbox = self.sheet.newsroom.data / "mailbox"
        return [_recipient(path) for path in mailbox.glob("*.eml")]


def _recipient(path):
    return re.search(r"^To: (\S+)", path.read_text(), re.MULTILINE)[1]


def _tries():
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        yield
        time.sleep(0.2)


def _waits_for(true):
    return any(true() for _ in _tries())


def points(kills):
    """Return so many points, each in turn."""
    return itertools.islice(itertools.cycle(POINTS), kills)


def kill_at(sheet, points):
    """Kill the server at each of these points, and return what came of it."""
    readers = Readers(sheet)
    readers.begin()
    for point in points:
        readers.lose_at(point)
    return readers.outcome()


def main(kills):
    """Do it in a newsroom of its own, and print what came of it."""
    without_pytest.begin()
    from tests.databases import migrated_server
    from tests.sheet import Sheet

    with tempfile.TemporaryDirectory() as folder, migrated_server(keeps=True) as machine:
        sheet = Sheet.found(Path(folder) / "sheet", machine)
        try:
            outcome = kill_at(sheet, points(kills))
        finally:
            sheet.close()
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    main(int(sys.argv[1]))
