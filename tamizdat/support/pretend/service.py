"""The pretend service itself: it charges test cards, renews gifts by the clock, asks questions."""

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tamizdat.lib import clock
from tamizdat.support.pretend import book, schedule
from tamizdat.support.pretend.cards import CARDS, Card


class ReusedError(Exception):
    """The key came before with other parameters."""


class NoSuchContributionError(Exception):
    """Nothing here has this ref or key."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a newsroom asks the service to charge, in its own terms."""

    minor: int
    currency: str
    interval: str
    back: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A gift as the service shows it: the row and what was paid."""

    row: sqlite3.Row
    paid: tuple[sqlite3.Row, ...]


class Service:
    """One account at the pretend service. Each public call first does what fell due."""

    def __init__(self, path: Path, now: Callable[[], datetime] = clock.now) -> None:
        self.book = book.Book(path)
        self._now = now

    def begin(self, card: Card, ask: Ask, key: str) -> Seen:
        """Charge, or begin to. The same key and the same asking give the same gift again.

        Raises:
            ReusedError: same key, other asking.
        """
        at = self._now()
        asked = book.fingerprint(card.number, ask.minor, ask.currency, ask.interval, ask.back)
        with self.book.change() as db:
            _catch_up(db, at)
            known = book.gift(db, key)
            if known is None:
                ref = f"pg_{secrets.token_hex(12)}"
                values = (ref, key, asked, card.number, ask.minor, ask.currency, ask.interval)
                db.execute(
                    "INSERT INTO gift (ref, key, asked, card, minor, currency, interval, back,"
                    " state, begun) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'new', ?)",
                    (*values, ask.back, at.isoformat()),
                )
                _first(db, ref, card, at)
            elif known["asked"] != asked:
                raise ReusedError
            return _seen(db, key)

    def show(self, name: str) -> Seen:
        """Return a gift by its ref or its key. Raises NoSuchContributionError."""
        with self.book.change() as db:
            _catch_up(db, self._now())
            return _seen(db, name)

    def answer(self, ref: str, *, yes: bool) -> Seen:
        """Take the reader's answer to the bank's question; a second answer changes nothing."""
        at = self._now()
        with self.book.change() as db:
            _catch_up(db, at)
            if _seen(db, ref).row["state"] == "needs_action":
                if yes:
                    _pay(db, ref, at)
                else:
                    book.move(db, ref, at, state="failed", reason="step", wakes=None)
            return _seen(db, ref)

    def stop(self, ref: str) -> Seen:
        """Charge this gift never again."""
        at = self._now()
        with self.book.change() as db:
            _catch_up(db, at)
            if _seen(db, ref).row["state"] in ("running", "late"):
                book.move(db, ref, at, state="stopped", wakes=None)
            return _seen(db, ref)

    def since(self, event: int) -> tuple[list[Seen], int]:
        """Return the gifts with events after this one, and the number of the last event."""
        with self.book.change() as db:
            _catch_up(db, self._now())
            rows = db.execute(
                "SELECT gift, max(id) AS last FROM event WHERE id > ? GROUP BY gift ORDER BY last",
                (event,),
            ).fetchall()
            return [_seen(db, row["gift"]) for row in rows], max(
                [event, *(row["last"] for row in rows)]
            )

    def events(self) -> list[sqlite3.Row]:
        """Return all that there is to send webhook events about, in the order it happened."""
        with self.book.change() as db:
            _catch_up(db, self._now())
            return db.execute("SELECT * FROM event ORDER BY id").fetchall()


def _seen(db: sqlite3.Connection, name: str) -> Seen:
    row = book.gift(db, name)
    if row is None:
        raise NoSuchContributionError
    return Seen(row, tuple(book.charges(db, row["ref"])))


def _first(db: sqlite3.Connection, ref: str, card: Card, at: datetime) -> None:
    """Make the first charge of a new gift, as its card behaves."""
    book.ask_bank(db, card.number, "authorise", at)
    if card.does in ("pays", "pays_once"):
        _pay(db, ref, at)
    elif card.does == "asks":
        wakes = (at + schedule.QUESTION_LASTS).isoformat()
        book.move(db, ref, at, state="needs_action", wakes=wakes)
    elif card.does == "settles":
        wakes = (at + schedule.SETTLES_AFTER).isoformat()
        book.move(db, ref, at, state="processing", wakes=wakes)
    else:
        reason = "insufficient" if card.does == "lacks" else "declined"
        book.move(db, ref, at, state="failed", reason=reason)


def _pay(db: sqlite3.Connection, ref: str, at: datetime) -> None:
    """Write one charge, and when the next one is due."""
    row = _seen(db, ref).row
    db.execute(
        "INSERT INTO charge VALUES (?, ?, ?, ?, ?)",
        (f"pc_{secrets.token_hex(12)}", ref, row["minor"], row["currency"], at.isoformat()),
    )
    changes: dict[str, Any] = {"state": "paid", "number": row["number"] + 1, "wakes": None}
    if row["interval"] != "once":
        begun = datetime.fromisoformat(row["begun"])
        following = schedule.due(begun, row["interval"], row["number"] + 1)
        changes |= {"state": "running", "tries": 0, "wakes": following.isoformat()}
    book.move(db, ref, at, **changes)


def _catch_up(db: sqlite3.Connection, now: datetime) -> None:
    """Do everything that fell due until now, in the order in which it fell due."""
    while row := db.execute(
        "SELECT * FROM gift WHERE wakes <= ? ORDER BY wakes, ref LIMIT 1", (now.isoformat(),)
    ).fetchone():
        at = datetime.fromisoformat(row["wakes"])
        if row["state"] == "processing":
            _pay(db, row["ref"], at)
        elif row["state"] == "needs_action":
            book.move(db, row["ref"], at, state="failed", reason="step", wakes=None)
        else:
            _renew(db, row, at)


def _renew(db: sqlite3.Connection, row: sqlite3.Row, at: datetime) -> None:
    book.ask_bank(db, row["card"], "renew", at)
    if CARDS[row["card"]].does != "pays_once":
        _pay(db, row["ref"], at)
    elif row["tries"] + 1 >= schedule.TRIES:
        book.move(db, row["ref"], at, state="stopped", wakes=None)
    else:
        wakes = (at + schedule.TRY_AGAIN).isoformat()
        book.move(db, row["ref"], at, state="late", tries=row["tries"] + 1, wakes=wakes)
