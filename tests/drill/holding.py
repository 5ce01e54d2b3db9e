"""The drill from the beginning to the end: live, lock, copy, wait, copy, take, judge."""

import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.databases import Databases, OnPostgresql
from tests.drill import judging, planting, story
from tests.drill.people import MARK, People, Truth
from tests.drill.place import PASSPHRASE, furnish
from tests.drill.relay import Relay
from tests.drill.taking import open_with, take
from tests.drill.taking.joining import LOGGED
from tests.drill.taking.times import Fates

DECOYS = 20  # suspects who never heard of this newsroom


def hold(scratch: Path, databases: Databases, relay: Relay, *, short: bool) -> dict[str, Any]:
    """Hold it in the newsroom that lies in `scratch`, and return what came of it."""
    began = time.monotonic()
    size = story.SHORT if short else story.WHOLE
    place = furnish(scratch / "newsroom", databases, relay)
    server = databases.server if isinstance(databases, OnPostgresql) else None
    try:
        people = People(place)
        locked = story.live(people, size)
        waiting = _waiting(people)
        before = Copy(story.copy(place, scratch / "before", server), list(relay.log))
        story.wait(place, size)
        after = Copy(story.copy(place, scratch / "after", server), list(relay.log))
        for leak in planting.ALL:
            leak(place, people.truth)
        planted = Copy(story.copy(place, scratch / "planted", server), list(relay.log))
    finally:
        place.close()
    later = locked + timedelta(hours=story.HOURS)
    said = {
        "before": _look_at(before, people.truth, locked, waiting),
        "after": _look_at(after, people.truth, later, set()),
        "planted": _look_at(planted, people.truth, later, set()),
        "people": len(people.truth.asked),
        "seconds": round(time.monotonic() - began),
    }
    return said | {"well": _is_well(said)}


@dataclass(frozen=True)
class Copy:
    """A copy of the machine, and what the relay has written down by then."""

    folder: Path
    log: list[tuple[str, str]]


def _look_at(copy: Copy, truth: Truth, at: datetime, waiting: set[str]) -> dict[str, Any]:
    """Return what a copy gives away, and how much the passphrase would have opened."""
    suspects = [*truth.addresses, *(f"{MARK}.decoy{n}@{MARK}.org" for n in range(DECOYS))]
    known = open_with(copy.folder, PASSPHRASE)
    found = take(copy.folder, MARK, suspects, _fates(), copy.log)
    verdict = judging.judge(found, truth, at, waiting, known)
    return asdict(verdict) | {
        "addresses": verdict.addresses,
        "joined": verdict.joined,
        "with_passphrase": len(known.opened),
    }


def _is_well(said: dict[str, Any]) -> bool:
    """Say whether nobody was found, though what should open did, and each planted leak was seen."""
    before, after, planted = said["before"], said["after"], said["planted"]
    strong = before["opened"] and not before["missed"] and after["with_passphrase"]
    kinds = {join["kind"] for join in planted["joins"]}
    awake = all(planted[name] for name in ("guessed", "plain", "times", "opened"))
    quiet = not (after["opened"] or after["addresses"] or after["joined"] or before["too_old"])
    logged = [join for join in before["joins"] if join["kind"] == LOGGED]
    seen = {"address with contribution", LOGGED} <= kinds
    return bool(strong and awake and seen and quiet and len(logged) <= story.IN_DOUBT)


def _waiting(people: People) -> set[str]:
    """Return whose answers of the last 48 hours have not left, by the relay's own memory."""
    from tamizdat.lib import clock

    answered = {to for to, _ in people.place.relay.letters}
    young = people.truth.since(clock.now() - judging.COPIES_LAST)
    return {each for each in young - answered if ".reminder" not in each}


def _fates() -> Fates:
    """Return the privacy contract by table and column. It is part of the program: no secret."""
    from django.apps import apps

    from tamizdat.readers.privacy import contract

    said = {}
    for label, fates in contract.fates().items():
        model = apps.get_model(label)
        named = {field.name: field.column for field in model._meta.concrete_fields}
        said[model._meta.db_table] = {
            named[name]: (fate.kind, fate.about) for name, fate in fates.items() if name in named
        }
    return said
