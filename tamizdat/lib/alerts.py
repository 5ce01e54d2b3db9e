"""Alerts: states in which something does not work and somebody has to know.

Whoever meets such a state raises its alert, and clears it once the same thing works again. An
alert is a file in `data/alerts/`, so that every process of the machine sees it: the desk's first
screen, `tamizdat doctor`, the letter to the administrator. Raising and clearing never fail: a
full disk is itself such a state. The log says when one begins, changes and ends. A counter on
its own has no `data/` and only logs.

An alert holds sentences of ours, the kind and place of an error, and perhaps the id of a row. It
never holds an error's own words, an address or a token.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tamizdat.lib import replacing
from tamizdat.lib.failures import where

FOLDER = "alerts"
AGAIN = "It is tried again every minute. If this stays, please report the cause."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Alert:
    """One state: what is wrong, why as far as it is known, and what to do.

    `why` is a sentence for editors. `cause` is the kind and place of an error, which only engineers
    can read: "OSError at press/tasks.py:77". `key` is lower-case words with hyphens and names the
    state, as "mail-relay" or "letter-7281": raising it again replaces it. `since` is a full minute.
    """

    key: str
    what: str
    why: str = ""
    do: str = ""
    since: datetime | None = None
    cause: str = ""

    @property
    def explanation(self) -> str:
        """Why and cause in sentences, for whoever looks after the machine."""
        return " ".join(filter(None, (self.why, self.cause and f"The cause: {self.cause}.")))


@dataclass(slots=True)
class Attempt:
    """What became of a block that ran isolated."""

    failed: bool = False


#: Alerts that this process could not keep, by their paths: the log says them once, as all others.
_unkept: dict[Path, Alert] = {}


def raise_alert(data: Path, alert: Alert, at: datetime) -> None:
    """Raise an alert in the newsroom's data folder. One that stands already keeps its beginning."""
    path = _path(data, alert.key)
    before = _read(path) or _unkept.get(path)
    since = before.since if before and before.since else at.replace(second=0, microsecond=0)
    fresh = replace(alert, since=since)
    if fresh == before and path not in _unkept:
        return
    if before is None or _said(before) != _said(alert):
        logger.warning("%s %s %s", alert.what, alert.explanation, alert.do)
    try:
        if data.is_dir():
            _write(path, fresh)
        _unkept.pop(path, None)
    except OSError as error:
        if path not in _unkept:
            logger.warning("The alert %s could not be kept: %s", alert.key, where(error))
        _unkept[path] = fresh


def clear(data: Path, key: str) -> None:
    """Take an alert back, if it stands: what it was about works again."""
    path = _path(data, key)
    before, unkept = _read(path), _unkept.pop(path, None)
    try:
        path.unlink()
    except OSError as error:
        if before is not None:
            logger.warning("The alert %s could not be taken back: %s", key, where(error))
        if before is not None or unkept is None:
            return
    before = before or unkept
    logger.warning("Resolved: %s", before.what if before else key)


def standing(data: Path) -> list[Alert]:
    """Return the alerts that stand, the oldest first. A file that cannot be read is left out."""
    try:
        paths = sorted((data / FOLDER).iterdir())
    except OSError:
        return []
    found = [_read(path) for path in paths if path.suffix == ".json"]
    return sorted((each for each in found if each), key=lambda each: (str(each.since), each.key))


@contextmanager
def isolated(
    data: Path,
    alert: Alert,
    at: datetime,
    *,
    through: Callable[[Exception], object] = lambda _error: False,
) -> Iterator[Attempt]:
    """Run a block so that its failure stops nothing else: it raises this alert, with the cause.

    The block that works takes the alert back. What ends the process (a signal, a stop) goes
    through, and so does an error for which `through` is true: it says nothing of this block.
    """
    attempt = Attempt()
    try:
        yield attempt
    except Exception as error:
        if through(error):
            raise
        attempt.failed = True
        raise_alert(data, replace(alert, cause=where(error)), at)
    else:
        clear(data, alert.key)


def _said(alert: Alert) -> tuple[str, str]:
    return alert.what, alert.explanation


def _path(data: Path, key: str) -> Path:
    return data / FOLDER / f"{key}.json"


def _read(path: Path) -> Alert | None:
    try:
        raw = json.loads(path.read_bytes())
        return Alert(
            key=path.stem,
            what=str(raw["what"]),
            why=str(raw["why"]),
            do=str(raw["do"]),
            since=datetime.fromisoformat(raw["since"]),
            cause=str(raw.get("cause", "")),  # an older version kept it in `why`
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, alert: Alert) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    since = alert.since.isoformat() if alert.since else ""
    sentences = {"what": alert.what, "why": alert.why, "cause": alert.cause, "do": alert.do}
    said = {**sentences, "since": since}
    replacing.replace(path, json.dumps(said, ensure_ascii=False).encode())
