"""All rooms at work beside each other: each has a lane, which is a thread of its own.

A room that hangs holds up no other. The order of the flow is kept by passing wake-ups on: a room
that has finished a round wakes the next one, and those after it as far as they are busy. A
lane has database connections of its own, and closes them after each round: a connection that the
server dropped is never met again.
"""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Self

from django.db import connections

from tamizdat.lib import clock
from tamizdat.lib.alerts import Alert, again, clear, raise_alert
from tamizdat.lib.failures import way, where
from tamizdat.lib.locales.local_time import told
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.newsroom.last_settings import Look
from tamizdat.lib.processes import stopping
from tamizdat.site.processes.working import ALL, WOKEN, Room, do_round

EVERY_S = 60.0  # between two rounds of a room that nobody wakes
LONG_S = 600.0  # a round that takes so long is told
LOOK_EVERY_S = 5.0

logger = logging.getLogger(__name__)


class Lane(threading.Thread):
    """One room's rounds."""

    def __init__(self, room: Room, lanes: "Lanes") -> None:
        super().__init__(name=room.package, daemon=True)
        self.room = room
        self.is_due = True
        self.busy_since: float | None = None  # of the monotonic clock
        self.begun: datetime | None = None
        self.told_at = 0.0
        self._lanes = lanes

    def run(self) -> None:
        """Do a round whenever somebody wakes us, at least each minute, until told to stop."""
        while self._lanes.await_round(self):
            try:
                do_round(self.room, clock.now())
            except stopping.Stopped:
                pass
            except BaseException as error:  # noqa: BLE001  a lane that ends would be missed by nobody
                logger.error("The lane of %s goes on after %s", self.room.name, where(error))  # noqa: TRY400  a traceback may hold values
            finally:
                self._close_connections()
            self._lanes.finish_round(self)

    def _close_connections(self) -> None:
        try:
            connections.close_all()
        except Exception as error:  # noqa: BLE001  it was broken already
            logger.warning("A connection of %s was not closed: %s", self.room.name, where(error))


class Lanes:
    """The lanes of a work process. Use it as a context; `run` is its main loop."""

    def __init__(self, newsroom: Newsroom, rooms: Sequence[Room]) -> None:
        self._data, self._zone = newsroom.data, newsroom.time_zone
        self._changed = threading.Condition()
        self._lanes = [Lane(room, self) for room in rooms]
        self._ended = False
        self._settings, self._looked_at = Look(newsroom.folder), time.monotonic()

    def __enter__(self) -> Self:
        for lane in self._lanes:
            lane.start()
        return self

    def __exit__(self, *_about: object) -> None:
        self.stop(within_s=0)

    def wake(self, word: str) -> None:
        """Wake the room to which a word is addressed, or all of them."""
        woken = WOKEN.get(word)
        with self._changed:
            for lane in self._lanes:
                lane.is_due |= woken in (lane.room.name, ALL)
            self._changed.notify_all()

    def run(self, until: Callable[[float], bool] = stopping.wait) -> None:
        """Watch over the lanes until told to stop."""
        while not until(LOOK_EVERY_S):
            self.look(time.monotonic(), clock.now())

    def stop(self, within_s: float) -> list[str]:
        """Begin no round any more, wait for those that go on, and return which still do."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._busy(), timeout=within_s)
            busy = self._busy()
        for lane in self._lanes:
            if lane.room.name not in busy:
                lane.join()
        return busy

    def look(self, now: float, at: datetime) -> None:
        """Raise an alert for each room that has been in one round for ten minutes.

        Each minute look whether the settings file is still good, too, and try again what alert
        could not be kept or taken back.
        """
        if now - self._looked_at >= EVERY_S:
            self._looked_at = now
            self._settings.look()
            again()
        for lane in self._lanes:
            since = lane.busy_since
            if since is not None and now - max(since, lane.told_at) >= LONG_S:
                lane.told_at = now
                raise_alert(self._data, self._hangs(lane), at)

    def _hangs(self, lane: Lane) -> Alert:
        begun = told(lane.begun, self._zone) if lane.begun else "some time"
        return Alert(
            key=f"slow-{lane.room.name}",
            what=f"The work process began to {lane.room.does} on {begun}, and has not finished.",
            why=f"It was last seen at {_place(lane)}.",
            do="Nothing else waits for it. If it does not finish within the hour, start "
            "`tamizdat serve` (or `tamizdat work`) again: nothing is lost, it begins anew.",
        )

    def await_round(self, lane: Lane) -> bool:
        """Wait until a lane's next round; False when there is none any more. Lanes call it."""
        with self._changed:
            self._changed.wait_for(lambda: lane.is_due or self._is_over(), timeout=EVERY_S)
            if self._is_over():  # a thread that ends takes what it started along: not before `stop`
                self._changed.wait_for(lambda: self._ended)
                return False
            lane.is_due = False
            lane.begun = datetime.now(UTC)
            lane.told_at, lane.busy_since = 0.0, time.monotonic()
            return True

    def finish_round(self, lane: Lane) -> None:
        """Note the end of a round, and wake the next room. Lanes call it."""
        clear(self._data, f"slow-{lane.room.name}")
        with self._changed:
            lane.busy_since = None
            for after in self._lanes[self._lanes.index(lane) + 1 :]:
                after.is_due = True
                if after.busy_since is None:
                    break
            self._changed.notify_all()

    def _is_over(self) -> bool:
        return self._ended or stopping.stopping()

    def _busy(self) -> list[str]:
        return [lane.room.name for lane in self._lanes if lane.busy_since is not None]


def _place(lane: Lane) -> str:
    """Return the way to where a lane is, outermost place first."""
    frame = sys._current_frames().get(lane.ident or 0)  # noqa: SLF001  the documented way
    passed = [(each.f_code.co_filename, line) for each, line in traceback.walk_stack(frame)]
    return way(reversed(passed)) or "its end"
