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
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
#: What lies on the disk is older.
_unkept: dict[Path, Alert] = {}
#: Of some of them, what says whether they hold still: another process may have seen them end.
_holds: dict[Path, Callable[[], bool]] = {}
#: Alerts that this process could not take back, by their paths: which file, and when. What another
#: process has raised since is not ours to take back.
_left: dict[Path, tuple[int, int]] = {}


def raise_alert(
    data: Path, alert: Alert, at: datetime, holds: Callable[[], bool] | None = None
) -> None:
    """Raise an alert in the newsroom's data folder. One that stands already keeps its beginning.

    Who raises what other processes take back says how to see whether it `holds`: where it cannot
    be kept now, it is looked at before it is kept later.
    """
    path = _path(data, alert.key)
    _left.pop(path, None)
    if holds:
        _holds[path] = holds
    before = _unkept.get(path) or _read(path)
    since = before.since if before and before.since else at.replace(second=0, microsecond=0)
    fresh = replace(alert, since=since)
    if fresh == before and path not in _unkept:
        return
    if before is None or _said(before) != _said(alert):
        logger.warning("%s %s %s", alert.what, alert.explanation, alert.do)
    _keep(path, fresh)


def clear(data: Path, key: str) -> bool:
    """Take an alert back, if it stands, and return whether none stands now.

    What it was about works again. One that cannot be taken back is tried `again`.
    """
    path = _path(data, key)
    before = _read(path) or _unkept.pop(path, None)
    _unkept.pop(path, None)
    _holds.pop(path, None)
    try:
        path.unlink()
        before = before or Alert(key, key)  # one that could not be read
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        if before is not None and path not in _left:
            logger.warning("The alert %s could not be taken back: %s", key, where(error))
        _left.setdefault(path, (_inode(path), time.time_ns()))
        return False
    _left.pop(path, None)
    if before is not None:
        logger.warning("Resolved: %s", before.what)
    return True


def again() -> bool:
    """Keep what could not be kept, take back what could not be; return whether all of it is done.

    Who raises an alert at a change, and not at each look, has it called each minute.
    """
    for path, alert in list(_unkept.items()):
        if _holds.get(path, _surely)():
            _keep(path, alert)
        else:
            clear(path.parent.parent, path.stem)
    for path, left in list(_left.items()):
        if _is_anew(path, *left):
            _left.pop(path, None)
        else:
            clear(path.parent.parent, path.stem)
    return not are_open()


def are_open() -> bool:
    """Say whether this process has alerts that it could not keep, or take back."""
    return bool(_unkept or _left)


def standing(data: Path) -> list[Alert]:
    """Return the alerts that stand, the oldest first. A file that cannot be read is left out."""
    folder = data / FOLDER
    paths = {path for path in _unkept if path.parent == folder}
    with suppress(OSError):
        paths |= {path for path in folder.iterdir() if path.suffix == ".json"}
    found = [_unkept.get(path) or _read(path) for path in paths]
    return sorted((each for each in found if each), key=lambda each: (str(each.since), each.key))


def standing_under(data: Path, prefix: str) -> list[str]:
    """Return what follows the prefix in the keys of alerts that stand.

    Who tells something of each of its things finds here those that are no longer among them.
    """
    keys = (each.key for each in standing(data))
    return [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]


def unreadable(data: Path) -> list[Path]:
    """Return the files that hold no alert, or do not let us read it; or their folder."""
    folder = data / FOLDER
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".json")
        if not os.access(folder, os.X_OK):
            return [folder]
        return [path for path in paths if _read(path) is None and path.lstat()]
    except FileNotFoundError:  # there is none; or one was taken back meanwhile
        return unreadable(data) if folder.exists() else []
    except OSError:
        return [folder]


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


def _surely() -> bool:
    return True


def _inode(path: Path) -> int:
    """Return the number of a file; 0 where it cannot be seen."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _is_anew(path: Path, inode: int, since: int) -> bool:
    """Say whether another alert lies there than at that moment."""
    try:
        found = path.stat()
    except OSError:
        return False
    return bool(inode and found.st_ino != inode) or found.st_mtime_ns > since


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


def _keep(path: Path, alert: Alert) -> None:
    try:
        if path.parent.parent.is_dir():
            _write(path, alert)
        _unkept.pop(path, None)
    except OSError as error:
        if path not in _unkept:
            logger.warning("The alert %s could not be kept: %s", alert.key, where(error))
        _unkept[path] = alert


def _write(path: Path, alert: Alert) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    since = alert.since.isoformat() if alert.since else ""
    sentences = {"what": alert.what, "why": alert.why, "cause": alert.cause, "do": alert.do}
    said = {**sentences, "since": since}
    replacing.replace(path, json.dumps(said, ensure_ascii=False).encode())
