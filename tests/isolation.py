"""The law of isolation: a fault at any step of `work`, and all else happens all the same.

A round of `work` in which every room has something to do is watched once for its steps. Then for
each case the newsroom is as before, a round meets one fault at one step, and rounds without it
follow. It is looked whether, in the first round, all other rooms did everything, of many rows
only one waits, and an alert says what fails and why; and whether, after the others, everything
was done once and no alert stands.
"""

import json
import os
import pickle
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from tests import everything_due
from tests.everything_due import EACH, HANDED_OVER
from tests.faults import CALL, EXCEPTION, FILE, FULL_DISK, LINE, SECRET, SQL, TIME_OUT, Blow, Watch

PLAN = "plan.json"
ALL_KINDS = (SQL, FILE, LINE, CALL)
LATER = [timedelta(minutes=minutes) for minutes in (1, 5, 25, 90)]
# No row is in hand yet; and what carries letters is one for all of them.
OF_ALL_ROWS = (
    "letters/outbox/__init__.py:take_next",
    "letters/providers/",
    "lib/newsroom/__init__.py",
)
ROOMS = ("readers", "desk", "press", "support.till", "support", "letters")
ROOM_OF_ROWS = ("readers", "desk", "support.till", "letters")  # an edition goes out as one


@dataclass
class Round:
    """What a round left: what was done so far, and the alerts that stand."""

    done: Counter
    alerts: dict


@dataclass
class Case:
    """A blow, and what came of it. `first` is missing where the process was killed."""

    blow: Blow
    passes: int
    first: Round | None = None
    last: Round | None = None
    struck: bool = True
    noticed: bool = False  # that a database is in trouble, which its watch tells
    wrong: list = field(default_factory=list)


def story(newsroom):
    """Try the cases of the newsroom's plan; print what is wrong, and how many were tried."""
    from tamizdat.lib import clock

    plan = json.loads((newsroom.folder / PLAN).read_text())
    at = clock.now()
    due = everything_due.lay(newsroom, at)
    kept, steps = _before_each_room(newsroom, at, due, calls=CALL in plan["kinds"])
    cases = list(chosen(steps, plan))
    for case in cases:
        kept[case.blow.step.room].put_back()
        _try(newsroom, case, at, due)
        _judge(case, due)
    for each in kept.values():
        each.forget()
    tried = Counter(f"{each.blow.step.room}: {each.blow.fault}" for each in cases)
    wrong = [f"{_told(each.blow)}: {said}" for each in cases for said in each.wrong]
    missed = [
        _told(each.blow) for each in cases
        if not each.struck and BY_STATISTICS not in each.blow.step.way
    ]  # fmt: skip
    outcome = {"steps": len(steps), "tried": tried, "wrong": wrong, "missed": missed}
    sys.stdout.write(f"\n{json.dumps(outcome)}\n")


def chosen(steps, plan):
    """Return the cases of a plan: of each room and fault a share of the steps, at least one."""
    for turn, (room, fault) in enumerate(plan["tries"]):
        some = [
            step for step in sorted(steps, key=str)
            if step.room == room and step.kind in plan["kinds"] and step.meets(fault)
        ]  # fmt: skip
        share = max(1, round(len(some) * plan["share"]))
        for n in range(share):
            step = some[(n * len(some) // share + turn * plan["seed"]) % len(some)]
            yield Case(Blow(fault, step, (steps[step] + 1) // 2), steps[step])


def _before_each_room(newsroom, at, due, *, calls):
    """Do a round room by room; return the newsroom as it was before each, and all steps."""
    from tamizdat.site.processes.working import ROOMS

    kept, steps = {}, Counter()
    for room in ROOMS:
        kept[room.package] = Kept(newsroom, room.name)
        kept[room.package].take()
        steps.update(in_child(lambda room=room: _counted(newsroom, room, at, calls=calls)))
    found = in_child(lambda: everything_due.done(newsroom))
    assert found == Counter(due), (found, due)
    return kept, steps


def _counted(newsroom, room, at, *, calls):
    watch = Watch(newsroom, calls=calls)
    _work(newsroom, watch, [room], at)
    return watch.passed


def _try(newsroom, case, at, due):
    """Have the blow fall in a round, and go on without it until all is done."""
    outcome = in_child(lambda: _rounds(newsroom, case.blow, at, due))
    if outcome is None:
        case.last = in_child(lambda: _rounds(newsroom, None, at, due))[1]
        return
    case.first, case.last, case.struck, case.noticed, ended = outcome
    if ended:
        case.wrong.append(f"it ended the round of all rooms: {ended}")


def _rounds(newsroom, blow, at, due):
    """Do a round, from the room of the blow on, and rounds after it until all is done."""
    from tamizdat.lib.alerts import standing
    from tamizdat.site.processes import working

    def seen():
        alerts = {each.key: f"{each.what} {each.explanation}" for each in standing(newsroom.data)}
        return Round(everything_due.done(newsroom), alerts)

    watch = Watch(newsroom, blow)
    packages = [room.package for room in working.ROOMS]
    rooms, ended = working.ROOMS[packages.index(blow.step.room) if blow else 0 :], ""
    try:
        _work(newsroom, watch, rooms, at)
    except Exception as error:  # noqa: BLE001  whatever it is, it should have been caught
        ended = type(error).__name__
    first = last = seen()
    for pause in LATER:
        if not last.alerts and last.done == Counter(due):
            break
        working.sweep(at + pause)
        last = seen()
    return first, last, watch.struck, watch.noticed, ended


def _work(newsroom, watch, rooms, at):
    """Do a round of some rooms, watched, and keep who was written to."""
    from tamizdat.letters.providers.mailbox import Mailbox
    from tamizdat.site.processes import working

    hand_over = Mailbox._hand_over

    def noting(mailbox, message, leaving):
        hand_over(mailbox, message, leaving)
        with watch.away(), (newsroom.data / HANDED_OVER).open("a") as file:
            file.write(f"{message.recipient}\n")

    Mailbox._hand_over = noting
    everything_due.hold_the_key()
    with watch.over():
        for room in rooms:
            watch.room = room.package
            working.do_round(room, at)


def _judge(case, due):
    step, fault = case.blow.step, case.blow.fault
    if case.last.done != Counter(due):
        lost, more = due - case.last.done.keys(), case.last.done - Counter(due)
        case.wrong.append(f"never done {sorted(lost)}, done again {sorted(more)}")
    if case.last.alerts:
        case.wrong.append(f"alerts stay {sorted(case.last.alerts)}")
    if case.first is None or not case.struck:
        return
    waits = due - case.first.done.keys()
    others = {each for each in waits if not _follows(each, step.room)}
    if others and fault != FULL_DISK:
        case.wrong.append(f"other rooms wait: {sorted(others)}")
    own = sorted(waits - others)
    is_of_a_row = case.passes >= len(EACH) and step.room in ROOM_OF_ROWS
    is_of_a_row &= not any(each in step.way for each in OF_ALL_ROWS)
    if is_of_a_row and fault in (EXCEPTION, TIME_OUT) and len({_row(each) for each in own}) > 1:
        case.wrong.append(f"more than one row waits: {own}")
    told = case.first.alerts or case.noticed
    if waits and fault != FULL_DISK and not told:
        case.wrong.append(f"nobody is told that {sorted(waits)} waits")
    if SECRET in str(case.first.alerts):
        case.wrong.append("an alert says too much")


def _follows(name, room):
    own = name.partition("/")[0]
    return own == room.rpartition(".")[2] or (
        name.startswith("letters/sign-up") and room == "readers"
    )


def _row(name):
    return name.partition("/")[2]


def _told(blow):
    step = blow.step
    return f"{blow.fault} at {step.kind} {step.what} #{blow.passage} of {step.room} in {step.way}"


#: PostgreSQL's statistics, which it keeps a second late, decide how often a table is erased.
BY_STATISTICS = "readers/privacy/erasing.py:_erase"


class Kept:
    """A newsroom as it was, to try the next thing on."""

    def __init__(self, newsroom, name):
        self._folder, self._name = newsroom.folder, name
        self._copy = newsroom.folder.with_name(f"before-{name}")
        addresses = newsroom.databases.values()
        self._databases = [each for each in addresses if each.startswith("postgresql")]

    def take(self):
        self._close()
        shutil.copytree(self._folder, self._copy, symlinks=True)
        for each in self._databases:
            self._copy_database(each, to=f"_{self._name}")

    def put_back(self):
        self._close()
        for place in self._folder.iterdir():
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        shutil.copytree(self._copy, self._folder, symlinks=True, dirs_exist_ok=True)
        for each in self._databases:
            self._copy_database(each, of=f"_{self._name}")

    def forget(self):
        shutil.rmtree(self._copy)

    def _copy_database(self, address, of="", to=""):
        import psycopg

        server, _, name = address.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}{to} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}{to} TEMPLATE {name}{of}")

    def _close(self):
        from django.db import connections

        connections.close_all()


def in_child(work):
    """Do something in a fork and return what it gave; None if it was killed."""
    from django.db import connections

    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 1
        try:
            with os.fdopen(writing, "wb") as file:
                pickle.dump(work(), file)
            code = 0
        finally:
            if code:
                import traceback

                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        raw = file.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended == -9:
        return None
    assert ended == 0, f"a child ended with {ended}"
    return pickle.loads(raw)


def run(folder, databases, tries, *, kinds=ALL_KINDS, share=1.0, seed=0):
    """Try faults in a newsroom of their own, and return what came of it.

    `tries` are pairs of a room and a fault; of the steps of these kinds a share is taken, which
    begins elsewhere with another seed.
    """
    from tests import in_a_newsroom

    plan = {"tries": tries, "kinds": kinds, "share": share, "seed": seed}
    laid = in_a_newsroom.lay_out(folder, databases)
    (laid / PLAN).write_text(json.dumps(plan))
    said = in_a_newsroom.tell(laid, story)
    outcome = json.loads(said.splitlines()[-1])
    outcome["said"] = said
    return outcome
