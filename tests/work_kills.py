"""Kill the worker at named points of its letters: `python -m tests.work_kills N sqlite|postgresql`.

Issues are sent to a relay that takes everything. The worker is killed again and again by signal 9,
each time at one point; then it finishes. Every reader has each issue then, once; twice only
where it was killed between "it leaves" and the note that it left.
"""

import sys
from collections import Counter

from tests import in_a_newsroom
from tests.bad_relay import BadRelay
from tests.forked_stories import Teller
from tests.kill_run import run
from tests.killed_worker import FINISHED, FINISHING, KILLED, POINTS, _named

WORKER = "tests.killed_worker"
READERS = [f"reader{n}@example.org" for n in range(8)]
TRIES = 20  # until a point is reached: an issue may be sent before


def kill(folder, databases, times, dice):
    """Kill the worker so many times, each point in turn, and return what came of it."""
    in_a_newsroom.lay_out(folder, databases)
    kills, issues = Counter(), 0
    with BadRelay() as relay:
        worker = Teller(WORKER, folder)
        try:
            worker.tell("found", relay.address, READERS)
        finally:
            worker.close()
        worker = Teller(WORKER, folder)  # with the relay in its settings
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


if __name__ == "__main__":
    run(kill, int(sys.argv[1]), sys.argv[2])
