"""Each room of the work process goes its own way."""

import threading
import time
from dataclasses import dataclass, field, replace

import psycopg
import pytest
from django.db import connections

from tamizdat.lib import alerts, clock
from tamizdat.lib.newsroom.last_settings import load_or_last
from tamizdat.lib.processes import stopping
from tamizdat.site.databases import database_watch
from tamizdat.site.processes import lanes as lanes_module
from tamizdat.site.processes.lanes import Lanes

PATIENCE_S = 30


@dataclass(frozen=True)
class Room:
    """A room of this story, which does what it is given."""

    name: str
    act: object = lambda: None
    rounds: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    package: str = ""
    does: str = "do its work"

    def sweep(self, _at):
        self.rounds.release()
        self.act()

    def did_a_round(self):
        return self.rounds.acquire(timeout=PATIENCE_S)


class Gate:
    """Holds up whoever comes to it."""

    def __init__(self):
        self.open, self.reached = threading.Event(), threading.Event()

    def __call__(self):
        self.reached.set()
        self.open.wait(PATIENCE_S)


@pytest.fixture
def gate():
    made = Gate()
    yield made
    made.open.set()


@pytest.fixture(autouse=True)
def on_their_own(monkeypatch):
    """No timer wakes a room in these stories: only others do."""
    monkeypatch.setattr(lanes_module, "EVERY_S", 10 * PATIENCE_S)


@pytest.fixture
def data(newsroom):
    for alert in alerts.standing(newsroom.data):
        alerts.clear(newsroom.data, alert.key)
    yield newsroom.data
    for alert in alerts.standing(newsroom.data):
        alerts.clear(newsroom.data, alert.key)


def standing(data):
    return {alert.key: alert for alert in alerts.standing(data)}


def at_rest(lanes):
    """Wait until nobody is at a round, and none is due."""
    with lanes._changed:
        assert lanes._changed.wait_for(
            lambda: not lanes._busy() and not any(lane.is_due for lane in lanes._lanes), PATIENCE_S
        )


def test_a_room_that_hangs_holds_up_no_other(newsroom, data, gate):
    """Not those before it, not those after it, and not for a minute."""
    readers, press, letters = Room("readers"), Room("press", gate), Room("letters")

    with Lanes(newsroom, [readers, press, letters]) as lanes:
        assert gate.reached.wait(PATIENCE_S)
        assert all(room.did_a_round() for room in (readers, letters))
        for _ in range(3):
            lanes.wake("collect")
            assert readers.did_a_round()
            assert letters.did_a_round()
        gate.open.set()


def test_what_one_room_did_reaches_the_last_at_once(newsroom, data):
    """A sign-up is confirmed in the moment in which it is collected, not a minute later."""
    rooms = [Room("readers"), Room("desk"), Room("press"), Room("letters")]

    with Lanes(newsroom, rooms) as lanes:
        at_rest(lanes)
        for room in rooms:
            while room.rounds.acquire(blocking=False):
                pass
        lanes.wake("collect")

        assert all(room.did_a_round() for room in rooms)


def test_a_room_that_fails_goes_on_and_its_alert_goes_when_it_works_again(newsroom, data):
    def fail():
        if failing:
            raise ValueError("anna@example.org")

    failing = [True]
    letters, other = Room("letters", fail), Room("readers")
    with Lanes(newsroom, [letters, other]) as lanes:
        assert letters.did_a_round()
        at_rest(lanes)
        told = standing(data)
        failing.clear()
        lanes.wake("letters")
        assert letters.did_a_round()
        at_rest(lanes)

    assert set(told) == {"round-letters"}
    assert told["round-letters"].what == "The work process could not do its work."
    assert "builtins.ValueError" in told["round-letters"].cause
    assert "anna" not in str(told)
    assert standing(data) == {}


def test_a_database_that_is_away_is_no_failure_of_a_room_where_it_is_watched(
    newsroom, data, monkeypatch
):
    def lose():
        raise psycopg.OperationalError("the connection is lost")

    monkeypatch.setattr(database_watch, "_watch", database_watch.Watch(newsroom))
    letters, other = Room("letters", lose), Room("readers")
    with Lanes(newsroom, [letters, other]) as lanes:
        assert letters.did_a_round()
        assert other.did_a_round()
        at_rest(lanes)

    assert standing(data) == {}


@pytest.mark.parametrize("ending", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_no_error_ends_a_lane(newsroom, data, ending):
    def end():
        raise ending

    letters = Room("letters", end)
    with Lanes(newsroom, [letters]) as lanes:
        assert letters.did_a_round()
        lanes.wake("letters")

        assert letters.did_a_round()


def test_a_round_of_more_than_ten_minutes_is_told_until_it_ends(newsroom, data, gate):
    letters = Room("letters", gate, does="send letters")
    with Lanes(newsroom, [letters]) as lanes:
        assert gate.reached.wait(PATIENCE_S)
        begun = lanes._lanes[0].busy_since
        lanes.look(begun + 599, clock.now())
        early = standing(data)
        lanes.look(begun + 601, clock.now())
        told = standing(data)
        gate.open.set()
        at_rest(lanes)

    assert early == {}
    assert set(told) == {"slow-letters"}
    assert told["slow-letters"].what.startswith("The work process began to send letters on ")
    assert told["slow-letters"].what.endswith(f" ({newsroom.time_zone}), and has not finished.")
    assert "threading.py" in told["slow-letters"].why
    assert "site/processes/lanes.py" in told["slow-letters"].why
    assert standing(data) == {}


@pytest.mark.django_db(transaction=True, databases=["default"])
def test_a_connection_that_broke_is_not_met_again(newsroom, data):
    """PostgreSQL was restarted between two rounds, and the rounds after it must not fail."""
    seen = []

    def read():
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
            seen.append(id(connections["default"].connection))
        connections["default"].connection.close()  # as a server that goes away does

    letters = Room("letters", read)
    with Lanes(newsroom, [letters]) as lanes:
        for _ in range(3):
            lanes.wake("letters")
            assert letters.did_a_round()
            at_rest(lanes)

        assert standing(data) == {}
    assert len(seen) >= 3


def test_who_is_told_to_stop_ends_between_two_rows(newsroom, data, monkeypatch):
    """A process is told by a signal; the lanes look at the mark that it sets."""
    told = threading.Event()
    monkeypatch.setattr(stopping, "_told", told)
    done, reached = [], threading.Event()

    def rows():
        for row in stopping.until_stopped(range(1_000_000)):
            done.append(row)
            reached.set()
            told.wait(0.001)

    with Lanes(newsroom, [Room("letters", rows), Room("readers")]) as lanes:
        assert reached.wait(PATIENCE_S)
        told.set()

        assert lanes.stop(PATIENCE_S) == []
    assert len(done) < 1_000_000


def test_who_does_not_end_is_named(newsroom, data, gate):
    with Lanes(newsroom, [Room("letters", gate), Room("readers")]) as lanes:
        assert gate.reached.wait(PATIENCE_S)

        assert lanes.stop(0.1) == ["letters"]
        gate.open.set()
        assert lanes.stop(PATIENCE_S) == []


def test_what_a_lane_started_is_ended_softly_first(newsroom, data, monkeypatch):
    """A child ends with the thread that started it. So the thread waits until that was stopped."""
    told, threads = threading.Event(), []
    monkeypatch.setattr(stopping, "_told", told)
    press = Room("press", lambda: threads.append(threading.current_thread()))
    with Lanes(newsroom, [press]) as lanes:
        assert press.did_a_round()
        told.set()
        lanes.wake("database")
        (thread,) = set(threads)
        thread.join(0.3)

        assert thread.is_alive()
        assert lanes.stop(PATIENCE_S) == []
        assert not thread.is_alive()


def test_a_mistake_in_the_settings_is_told_within_a_minute(newsroom, tmp_path):
    """Until then no process reads them that could tell it."""
    folder = tmp_path / "sheet"
    (folder / "data").mkdir(parents=True)
    (folder / "tamizdat.toml").write_bytes((newsroom.folder / "tamizdat.toml").read_bytes())
    load_or_last(folder)
    lanes = Lanes(replace(newsroom, folder=folder), [])
    (folder / "tamizdat.toml").write_text("[newsroom")

    lanes.look(time.monotonic() + lanes_module.EVERY_S, clock.now())

    assert set(standing(folder / "data")) == {"settings"}
