"""Kill the till at named points of payments and sweeps: `python -m tests.till_kills N DATABASE`.

Givers pay the pretended service, once or monthly. The till is killed by signal 9 while it answers
them, and in its sweeps, which settle what was left in the middle, stop what is to stop and take
renewals. A giver whose page broke loads it again, and pays again if it asks to. Then everybody
stands at their thanks page, was charged once for each month, and the books say what the service
says.
"""

import json
import random
import re
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import in_a_newsroom
from tests.forked_stories import Teller
from tests.kill_run import run
from tests.killed_till import ANSWER, PAYING, SWEEPING

TILL = "tests.killed_till"
POINTS = (*PAYING, *SWEEPING)
GOOD_CARD = "handle=4242424242424242"
MONTH_S = 32 * 86400
TRIES = 8


@dataclass
class Givers:
    """What givers do with a till that dies, and what they were told."""

    folder: Path
    till: Teller
    dice: random.Random
    kills: Counter = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)  # of who stands at the thanks page
    monthly: list[str] = field(default_factory=list)

    def kill(self, point):
        """Have the till killed once at a point, whatever it takes."""
        if point in PAYING:
            self.kills[point] += self.give(self.dice.choice(["once", "month"]), point)
            return
        for _ in range(TRIES):
            self._prepare_a_sweep()
            if self.till.tell("sweep", point, self.dice.randint(1, 2)):
                self.kills[point] += 1
                return
        self.failed.append(f"nobody came {point}")

    def give(self, interval, point="", *, comes_back=True):
        """Give; where the page breaks load it again. Return whether the till was killed."""
        self.till.tell("begin", interval)
        page = self._answer()["path"]
        killed = self.till.tell("ask", "POST", page, GOOD_CARD, point)
        if not comes_back:
            return killed
        answer = None if killed else self._answer()
        for _ in range(TRIES):
            if answer and answer["status"] == 303:
                self._thank(answer["path"], interval)
                return killed
            asks = answer is not None and 'name="handle"' in answer["text"]
            method, body = ("POST", GOOD_CARD) if asks else ("GET", "")
            self.till.tell("ask", method, page, body, "")
            answer = self._answer()
        self.failed.append(f"a giver was never led to the thanks page: {point}")
        return killed

    def _thank(self, path, interval):
        token = re.search(r"/thanks/([^/?#]+)", path)[1]
        self.tokens.append(token)
        if interval == "month":
            self.monthly.append(token)

    def _prepare_a_sweep(self):
        """Leave a contribution in the middle, ask to stop one, and let a month pass."""
        self.give("month")
        self.give("once", "after the charge, before the books", comes_back=False)
        if len(self.monthly) > 2:
            self.till.tell("ask_to_stop", self.monthly.pop(0))
        clock = self.folder / "data" / "clock"
        clock.write_text(str(int(clock.read_text()) + MONTH_S))

    def _answer(self):
        return json.loads((self.folder / "data" / ANSWER).read_text())


def kill(folder, databases, times, dice):
    """Kill the till so many times, each point in turn, and return what came of it."""
    from tamizdat.lib.newsroom import load
    from tamizdat.readers.keys import make
    from tamizdat.support import call_keys

    in_a_newsroom.lay_out(folder, databases)
    make(folder / "keys", "a passphrase for the tests")
    call_keys.make(folder / "keys")
    clock = folder / "data" / "clock"
    clock.write_text("0")
    till = Teller(TILL, folder, TAMIZDAT_CLOCK=str(clock))
    try:
        givers = Givers(folder, till, dice)
        for n in range(times):
            givers.kill(POINTS[n % len(POINTS)])
        for _ in range(3):
            till.tell("sweep", "", 0)
    finally:
        till.close()
    return _outcome(givers, databases, load(folder))


def _outcome(givers: Givers, databases: Any, newsroom: Any) -> dict[str, Any]:
    """Compare what givers were told, what the books say, and what the service says."""
    from tamizdat.support.tokens import digest

    def books(sql):
        return databases.rows("till", givers.folder, sql)

    def service(sql):
        return _service(newsroom.data / "pretend.sqlite3", sql)

    here, there = set(books("SELECT ref FROM till_charge")), set(service("SELECT ref FROM charge"))
    known = Counter(each for (each,) in books(
        "SELECT token_hash FROM till_contribution "
        "WHERE state IN ('paid', 'running', 'late', 'stopped')"
    ))  # fmt: skip
    open_ones = books(
        "SELECT count(*) FROM till_contribution "
        "WHERE state IN ('submitting', 'needs_action', 'processing')"
        " OR (to_stop AND state IN ('running', 'late'))"
    )[0][0]
    months = Counter((gift, at[:7]) for gift, at in service("SELECT gift, at FROM charge"))
    return {
        "kills": dict(givers.kills),
        "failed": givers.failed,
        "givers": len(givers.tokens),
        "charges": len(there),
        "lost": [f"gift of {each}" for each in givers.tokens if not known[digest(each)]]
        + [f"charge {ref}" for (ref,) in there - here]
        + [f"charge {ref} that nobody made" for (ref,) in here - there],
        "twice": [f"gift {each}" for each, times in known.items() if times > 1]
        + [f"gift {gift} in {month}" for (gift, month), times in months.items() if times > 1],
        "open": open_ones,
    }


def _service(book, sql):
    import sqlite3

    with closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


if __name__ == "__main__":
    run(kill, int(sys.argv[1]), sys.argv[2])
