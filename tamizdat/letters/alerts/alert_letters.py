"""A letter to the administrator about what does not work, where mail still goes.

An alert that stands for five minutes is told once. What begins meanwhile waits, so that there is
at most one letter an hour, about all of it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tamizdat.letters import outbox
from tamizdat.letters.content import writing
from tamizdat.lib import alerts
from tamizdat.lib.alerts import Alert
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.replacing import replace
from tamizdat.readers.keys import KeysError, founded_keys
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record

KIND = "alert"
LANGUAGE = "en"  # of the desk
STANDS_FOR = timedelta(minutes=5)  # a restart is over by then
EVERY = timedelta(hours=1)
FILE = "alerts-told.json"


@dataclass(frozen=True, slots=True)
class Told:
    """When the last letter was queued, and since when each alert stood that was told."""

    at: datetime | None = None
    since: Mapping[str, str] = field(default_factory=dict)


def queue_due(at: datetime) -> bool:
    """Queue a letter if something new does not work, and return whether it did.

    Without `[mail] administrator` nobody is written to.
    """
    newsroom: Newsroom = settings.NEWSROOM
    if not newsroom.mail.administrator:
        return False
    path = newsroom.data / FILE
    told, standing = _read(path), _standing(newsroom.data, at)
    fresh = [each for each in standing if told.since.get(each.key) != str(each.since)]
    if not fresh or (told.at is not None and timedelta(0) <= at - told.at < EVERY):
        return False
    _queue(newsroom, standing, at)
    _write(path, Told(at, {each.key: str(each.since) for each in standing}))
    return True


def _standing(data: Path, at: datetime) -> list[Alert]:
    found = alerts.standing(data)
    return [each for each in found if each.since is not None and at - each.since >= STANDS_FOR]


def _queue(newsroom: Newsroom, standing: list[Alert], at: datetime) -> None:
    """Queue the letter: after a crash before it was noted, the same one again."""
    written = writing.write("alert", LANGUAGE, alerts=standing, desk=newsroom.addresses.desk)
    record = Record(KIND, newsroom.mail.administrator, LANGUAGE)
    to = outbox.Addressed(_sealed(record, newsroom.keys), store.copy_of(record, newsroom.keys, at))
    last = max(standing, key=lambda each: str(each.since))
    about = f"{last.key[:60]} {last.since:%Y-%m-%dT%H:%M} {len(standing)}"
    outbox.queue(KIND, about, to, outbox.Words("", LANGUAGE, asdict(written)), at)


def _sealed(record: Record, folder: Path) -> bytes | None:
    """Return the record for the reader key; None while reader.public is missing or not ours.

    The letter leaves by its unattended copy then, and may be about that very file.
    """
    try:
        return records.seal(record, founded_keys.reader_public(folder))
    except KeysError:
        return None


def _read(path: Path) -> Told:
    try:
        said = json.loads(path.read_bytes())
        return Told(datetime.fromisoformat(said["at"]), dict(said["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Told()


def _write(path: Path, told: Told) -> None:
    said = {"at": told.at.isoformat() if told.at else "", "since": dict(told.since)}
    replace(path, json.dumps(said).encode())
