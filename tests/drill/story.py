"""A newsroom lives for two months, is locked in the middle of things, and time goes on."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.drill.people import People
from tests.drill.place import Place
from tests.postgres import Server

HOURS = 49
IN_DOUBT = 2  # letters that a relay wrote down and nobody knows to be taken
LEFT_OUT = ("pretend.sqlite3", "work.sock", "clock", "sending.lock", "edition")  # see README.md


@dataclass(frozen=True)
class Size:
    """How many people there are."""

    confirmed: int = 100
    expired: int = 40
    pending: int = 60
    givers: int = 20
    reminders: int = 30
    days: int = 1  # between two rounds, long before
    hours: int = 1  # between two rounds, once it is locked


WHOLE = Size()
SHORT = Size(confirmed=14, expired=5, pending=10, givers=9, reminders=8, days=8, hours=7)


def live(people: People, size: Size) -> datetime:
    """Let everything happen, up to the moment at which the desk is locked; return that moment."""
    place = people.place
    _long_ago(people, size)
    _an_issue(place, people)
    people.sign_up(size.expired, "expired")
    place.round()
    place.later(hours=49)
    place.round()
    place.hear_of_new_keys()
    half = size.pending // 2
    _a_day(people, half, size.reminders // 3)
    _a_killed_worker(people)
    place.later(hours=3)
    place.round()
    place.hear_of_new_keys()
    place.relay.does = "break"
    people.sign_up(1, "doubt")
    place.round()
    place.relay.does = "away"
    people.sign_up(size.pending - half - 2, "waiting")
    people.give(2)
    people.remind(size.reminders // 3)
    _trial(people)
    place.round()
    place.lock()
    from tamizdat.lib import clock

    return clock.now()


def wait(place: Place, size: Size) -> None:
    """Let the clock go on for 49 hours, with rounds: nobody unlocks anything."""
    for _ in range(HOURS // size.hours):
        place.later(hours=size.hours)
        place.round()


def copy(place: Place, to: Path, server: Server | None, outside: Path | None = None) -> Path:
    """Copy everything that lies on the machine while its programs run."""
    shutil.copytree(
        place.folder, to / "newsroom", symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT)
    )
    if server is not None:
        server.run("CHECKPOINT")
        subprocess.run(["cp", "-a", str(server.folder), str(to / "postgresql")], check=True)
    if outside is not None:
        shutil.copytree(outside, to / "outside")
    return to


def _long_ago(people: People, size: Size) -> None:
    place = people.place
    _desk(place)
    place.start("till")
    place.start("counter")
    place.hire()
    place.round()
    givers = people.give(size.givers - 4)
    people.remind(size.reminders - 2 * (size.reminders // 3))
    first = people.sign_up(size.confirmed // 2, "old")
    place.round()
    people.confirm(first)
    people.say(givers[: len(givers) // 2], "yes")
    people.say(givers[-1:], "stop")
    place.round()
    for _ in range(32 // size.days):
        place.later(days=size.days)
        place.round()
    place.unlock()
    place.round()
    place.hear_of_new_keys()
    second = people.sign_up(size.confirmed - len(first), "new")
    place.round()
    people.confirm(second)
    place.round()


def _a_day(people: People, sign_ups: int, reminders: int) -> None:
    """Let people fill in forms, get letters, and say what may come to their mailboxes."""
    asked = people.sign_up(sign_ups, "asked")
    given = people.give(2)
    people.remind(reminders)
    people.place.round()
    people.say([*asked[:1], *given[:1]], "stop")
    people.say(given[1:], "yes")


def _desk(place: Place) -> None:
    from tamizdat.letters.actions.newsletters import Words, save
    from tamizdat.lib import clock
    from tests.newsdesk import NewsDesk

    desk = NewsDesk(place.newsroom)
    for n in range(2):
        desk.article(f"A bridge is closed {n}", published=clock.now() + timedelta(days=31))
    save("friday", 4, {"en": Words("The Friday", "The week.", "Every Friday")}, clock.now())


def _an_issue(place: Place, people: People) -> None:
    """Write an issue, try it out and send it to everybody."""
    from tamizdat.letters.actions import issues
    from tamizdat.letters.models import Newsletter
    from tamizdat.lib import clock

    issue = issues.compose(Newsletter.objects.get(), "en", clock.now())
    assert issue.items.exists()
    issues.try_out(issue, people.editor(), clock.now())
    place.round()
    issues.send(issues.approve(issue), clock.now())
    for _ in range(3):
        place.round()
    issue.refresh_from_db()
    assert issue.state == "sent"


def _trial(people: People) -> None:
    """Try an issue out while the relay is away."""
    from tamizdat.letters.actions import issues
    from tamizdat.letters.models import Newsletter
    from tamizdat.letters.newsletters.drafting import Draft
    from tamizdat.lib import clock

    issue = issues.compose(Newsletter.objects.get(), "en", clock.now())
    issues.edit(issue, Draft(subject="Not yet", greeting="Good evening."))
    issues.try_out(issue, people.editor(), clock.now())


def _a_killed_worker(people: People) -> None:
    """Kill the worker while it hands a letter over."""
    place = people.place
    place.relay.does = "hang"
    people.sign_up(1, "killed")
    place.begin_round()
    assert place.relay.hanging.wait(20)
    place.kill_worker()
    place.relay.let_go()
    place.hire()
    place.relay.does = "away"
