"""How long no letter is tried, because the relay takes none; and which issues wait.

It stands in one file, `data/relay.json`, so that a restart does not begin anew. The file is
derived: what cannot be read, is of another relay or lies in the future counts as nothing. A relay
that works again is found within a quarter of an hour.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from tamizdat.lib import replacing

FILE = "relay.json"
FIRST, LONGEST = timedelta(minutes=1), timedelta(minutes=15)
FIRST_OF_ISSUE, LONGEST_OF_ISSUE = timedelta(minutes=15), timedelta(hours=1)
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when nothing is tried, and after how many failures in a row."""

    failures: int = 0
    until: datetime | None = None

    def longer(self, at: datetime, first: timedelta, longest: timedelta) -> Self:
        """Return the pause after one more failure: twice as long, up to a limit."""
        doubled = first * 2 ** min(self.failures, 10)
        return replace(self, failures=self.failures + 1, until=at + min(doubled, longest))

    def holds(self, at: datetime, longest: timedelta) -> bool:
        """Whether it is still on. One much longer than any can be is of a clock gone wrong.

        It began in the course of a round, so it may end a little later than so long from `at`.
        """
        return self.until is not None and at < self.until <= at + 2 * longest


@dataclass(frozen=True, slots=True)
class RelayNotes:
    """What is known of the relay: its pause, the pauses of issues, when it last took a letter."""

    relay: Pause = field(default_factory=Pause)
    issues: Mapping[int, Pause] = field(default_factory=dict)
    took: date | None = None

    def is_paused(self, at: datetime) -> bool:
        """Whether no letter is to be tried now."""
        return self.relay.holds(at, LONGEST)

    def waiting_issues(self, at: datetime) -> list[int]:
        """Return the issues whose letters are not to be tried now."""
        return [pk for pk, pause in self.issues.items() if pause.holds(at, LONGEST_OF_ISSUE)]

    def takes_letters(self, today: date) -> bool:
        """Whether the relay took any letter today or yesterday."""
        return self.took is not None and today - LATELY <= self.took <= today

    def failed(self, at: datetime) -> Self:
        """Return what is known after a round in which the relay took nothing more."""
        return replace(self, relay=self.relay.longer(at, FIRST, LONGEST))

    def answered(self) -> Self:
        """Return what is known once the relay would take letters again."""
        return replace(self, relay=Pause())

    def worked(self, today: date) -> Self:
        """Return what is known once the relay took a letter."""
        return replace(self, relay=Pause(), took=today)

    def issue_failed(self, issue: int, at: datetime) -> Self:
        """Return what is known once the relay refused what an issue holds."""
        before = self.issues.get(issue, Pause())
        after = before.longer(at, FIRST_OF_ISSUE, LONGEST_OF_ISSUE)
        return replace(self, issues={**self.issues, issue: after})

    def issue_worked(self, issue: int) -> Self:
        """Return what is known once the relay took a letter of an issue."""
        return replace(self, issues={pk: each for pk, each in self.issues.items() if pk != issue})


def read(data: Path, relay: str) -> RelayNotes:
    """Return what is known of a relay, named by its address in the settings."""
    try:
        raw = json.loads((data / FILE).read_bytes())
        if raw["of"] != relay:
            return RelayNotes()
        issues = {int(pk): _pause(each) for pk, each in raw["issues"].items()}
        took = date.fromisoformat(raw["took"]) if raw["took"] else None
        return RelayNotes(_pause(raw["relay"]), issues, took)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return RelayNotes()


def write(data: Path, relay: str, notes: RelayNotes) -> None:
    """Keep what is known. On a full disk it is not kept, and the relay is tried once more."""
    raw = {"of": relay, **asdict(notes)}
    said = json.dumps(raw, default=lambda each: each.isoformat())
    with contextlib.suppress(OSError):
        replacing.replace(data / FILE, said.encode())


def _pause(raw: Any) -> Pause:
    until = datetime.fromisoformat(raw["until"]) if raw["until"] else None
    if until is not None and until.tzinfo is None:
        raise ValueError("a time without its zone")
    return Pause(int(raw["failures"]), until)
