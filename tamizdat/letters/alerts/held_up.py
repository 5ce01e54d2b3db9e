"""What waits because nobody unlocks the reader key: how much of which kind, and since which day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db.models import Count, Min

from tamizdat.letters import outbox
from tamizdat.letters.models import Letter
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.replacing import replace
from tamizdat.readers.models import SealedRecord

PATIENCE = timedelta(days=8)
NAMES = {
    "confirmation": "confirmations",
    "receipt": "receipts",
    "reminder": "reminders",
    "trial": "tests",
    "alert": "letters to the administrator",
    "issue": "letters of issues",
}
LAST_LOOK = "last-unlock"  # a file in `data/`: the day on which sealed records were last opened
HOW = "Unlock the reader key at the desk, under Letters: that sends them."


@dataclass(frozen=True, slots=True)
class HeldUp:
    """How many of a kind wait, and since when."""

    what: str
    many: int
    since: date

    def __str__(self) -> str:
        return f"{self.many} {self.what} wait since {self.since:%-d %B %Y}"


def held_up(newsroom: Newsroom, at: datetime) -> list[HeldUp]:
    """Return what waits for longer than eight days, the oldest first; nothing where all is well."""
    letters = Letter.objects.filter(state__in=(*outbox.DUE, *outbox.IN_HAND)).order_by()
    found = [
        HeldUp(NAMES.get(kind, kind), many, since.date())
        for kind, many, since in letters.values_list("kind").annotate(Count("id"), Min("queued_at"))
        if at - since > PATIENCE
    ]
    return sorted([*found, *_records(newsroom, at)], key=lambda each: each.since)


def _records(newsroom: Newsroom, at: datetime) -> list[HeldUp]:
    """Return the sealed records, if nobody looked at them for so long. They hold no day."""
    last = last_look(newsroom.data)
    many = SealedRecord.objects.count()
    if not many or last is None or at.date() - last <= PATIENCE:
        return []
    return [HeldUp("sealed records (reminders, receipts, notes)", many, last)]


def last_look(data: Path) -> date | None:
    """Return the day on which sealed records were last opened; None if nobody knows."""
    try:
        return date.fromisoformat((data / LAST_LOOK).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def note_look(data: Path, today: date) -> None:
    """Keep the day on which sealed records were opened: of when, nobody needs more."""
    if last_look(data) != today:
        replace(data / LAST_LOOK, f"{today.isoformat()}\n".encode())
