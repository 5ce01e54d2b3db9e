"""What needs no visitor: one round of it in one room, or in all rooms in the order of its flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings

from tamizdat.lib import leaps
from tamizdat.lib.alerts import Alert, isolated
from tamizdat.lib.processes.stopping import stopping
from tamizdat.lib.theme import fallback
from tamizdat.site.databases import database_watch
from tamizdat.site.databases.connections import fresh_connections, ready


@dataclass(frozen=True, slots=True)
class Room:
    """A room that has something to do: its package, its name in an alert, and what it does."""

    package: str
    name: str
    does: str

    def sweep(self, at: datetime) -> None:
        """Do what is due. The package is read here, so that one that is broken stops no other."""
        import_module(f"tamizdat.{self.package}.tasks").sweep(at)


TILL = Room("support.till", "till", "compare the books with the payment service")
#: In the order of the flow: what comes in first, letters last.
ROOMS = (
    Room("readers", "readers", "collect what readers sent"),
    Room("desk", "desk", "publish and take down what is scheduled"),
    Room("press", "press", "bring the edition up to date"),
    TILL,
    Room("support", "support", "tell the counter what it asks readers for"),
    Room("letters", "letters", "send letters"),
)
LEAPS = "A leap of the machine's clock would not be noticed."
ALL = "all"
#: Who is woken by which word (`lib.worker_socket`). A word that is not here wakes nobody.
WOKEN: Mapping[str, str] = {
    "collect": "readers",
    "rerender": "press",
    "letters": "letters",
    "unlock": "letters",
    "database": ALL,
}


def rooms() -> tuple[Room, ...]:
    """Return the rooms that this process works for.

    The till's is worked for where its database is: by the desk's worker, or on the till's own
    machine by one that does nothing else. Only there are the keys to the payment service.
    """
    if settings.ROLE == "till":
        return (TILL,)
    return tuple(room for room in ROOMS if room is not TILL or "till" in settings.DATABASES)


def sweep(at: datetime) -> list[str]:
    """Do one round of all rooms, one after the other, and return the rooms where it failed."""
    return [room.package for room in rooms() if not stopping() and not do_round(room, at)]


def do_round(room: Room, at: datetime) -> bool:
    """Do what is due in a room, and say whether that worked.

    A room that fails stops no other: a relay that is away must not keep an article from
    being published. What failed is still in its rows and is met again by the next round; until
    then an alert says it.

    Raises:
        Stopped: this process was told to stop, and the room dropped what it was doing.
    """
    what = f"The work process could not {room.does}."
    do = (
        "It is tried again every minute, and nothing is lost. If it stays so, `tamizdat doctor` "
        "may say more; send the cause to whoever looks after the program."
    )
    with isolated(settings.NEWSROOM.data, Alert("clock-leaps", LEAPS, do=do), at):
        leaps.keep(settings.NEWSROOM.data)
    fallback.forget_changed(settings.NEWSROOM)
    if not ready(room.package):
        return False
    alert = Alert(f"round-{room.name}", what, do=do)
    try:
        with isolated(settings.NEWSROOM.data, alert, at, through=database_watch.tells) as attempt:
            room.sweep(at)
    except Exception:  # noqa: BLE001  the watch tells it once for all rooms
        return False
    finally:
        fresh_connections()
    return not attempt.failed
