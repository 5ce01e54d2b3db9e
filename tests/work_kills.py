"""Kill the worker at named points of its letters: `python -m tests.work_kills N sqlite|postgresql`.

Issues are sent to a relay that takes everything. The worker is killed again and again by signal 9,
each time at one point; then it finishes. Every reader has each issue then, once; twice only
where it was killed between "it leaves" and the note that it left.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests import in_a_newsroom, without_pytest
from tests.bad_relay import BadRelay
from tests.killed_worker import FINISHED, FINISHING, KILLED, POINTS, _named

ROOT = Path(__file__).parents[1]
READERS = [f"reader{n}@example.org" for n in range(8)]
TRIES = 20  # until a point is reached: an issue may be sent before


class Worker:
    """The process that forks workers."""

    def __init__(self, folder):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killed_worker", str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tell(self, *story):
        """Have a story told by a worker, and say whether it was killed."""
        self._process.stdin.write(json.dumps(story) + "\n")
        self._process.stdin.flush()
        ended = self._process.stdout.readline().strip()
        if ended not in ("done", "killed"):
            raise RuntimeError(f"{story}: {ended}")
        return ended == "killed"

    def close(self):
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


def kill(folder, databases, times, dice):
    """Kill the worker so many times, each point in turn, and return what came of it."""
    in_a_newsroom.lay_out(folder, databases)
    kills, issues = Counter(), 0
    with BadRelay() as relay:
        worker = Worker(folder)
        try:
            worker.tell("found", relay.address, READERS)
        finally:
            worker.close()
        worker = Worker(folder)  # with the relay in its settings
        try:
            for n in range(times):
                point = POINTS[n % len(POINTS)]
                issues = _until_killed(worker, point, issues, dice)
                kills[point] += 1
            for _ in range(3):
                worker.tell("work", issues + 1, "", 0)
        finally:
            worker.close()
        arrived = Counter(_named(to, content) for to, content in relay.letters)
    wanted = {f"Issue {n} to {reader}" for n in range(1, issues + 1) for reader in READERS}
    wanted |= {f"Issue {n} to desk@example.org" for n in range(1, issues + 1)}
    window = (folder / "data" / KILLED).read_text().splitlines()
    waiting = databases.rows("default", folder, "SELECT state, count(*) FROM letters_letter "
                             "WHERE state NOT IN ('handed', 'doubt') GROUP BY state")  # fmt: skip
    return {
        "kills": dict(kills),
        "letters": len(wanted),
        "lost": sorted(wanted - set(arrived)),
        "waiting": [f"{many} {state}" for state, many in waiting],
        "repeated": sorted(each for each, copies in arrived.items() if copies > 1),
        "repeated_outside": sorted(
            each for each, copies in arrived.items() if copies > 1 + (each in window)
        ),
        "open": databases.rows(
            "default", folder, "SELECT count(*) FROM letters_issue WHERE state <> 'sent'"
        )[0][0],
    }


def _until_killed(worker, point, issues, dice):
    """Send issues until a worker was killed at a point; return the number of the last one."""
    first = 1 if point in (FINISHING, FINISHED) else 2  # a letter in doubt goes before all others
    for _ in range(TRIES):
        if issues and worker.tell("work", issues, point, 1 if first == 1 else dice.randint(2, 4)):
            return issues
        issues += 1
        worker.tell("begin", issues)
    raise RuntimeError(f"nobody came {point}")


def main(times, kind):
    """Do it in a newsroom of its own, and print what came of it."""
    without_pytest.begin()
    from tests.databases import OnPostgresql, OnSqlite

    databases = {"sqlite": OnSqlite, "postgresql": OnPostgresql}[kind]()
    if kind == "postgresql":
        databases.provide()
    try:
        with tempfile.TemporaryDirectory(prefix="tz-kills-") as place:
            outcome = kill(Path(place) / "sheet", databases, times, random.Random(times))
    finally:
        databases.remove()
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
