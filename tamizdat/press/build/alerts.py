"""What to tell when no edition can be made: what is wrong, why, and what to do."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseFault

from tamizdat.lib.alerts import Alert, clear, raise_alert, standing
from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import NewsroomError
from tamizdat.lib.processes.worker_pool import WorkerDiedError
from tamizdat.press.build.failed_jobs import NeededError
from tamizdat.press.output.tree import Tree, TreeError

KEY = "edition"
LEAST = 2**20  # bytes, without which a database in a file does nothing
WHAT = "Nothing can be published. Readers keep the edition before; nothing is lost."
AGAIN = "It is tried again every minute."
DISK = (
    (
        (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
        "The disk is full",
        "Make room where the newsroom's folders `edition` and `data` lie.",
    ),
    (
        (errno.EROFS, errno.EACCES, errno.EPERM),
        "The newsroom's folder `edition` or `data` cannot be written",
        "See who owns its files, and whether the disk is mounted read-only.",
    ),
)
BAD_DISK = (
    "The disk does not do what it is asked",
    "See what the system's log says of the disk under the folder `edition`.",
)
KINDS: tuple[tuple[Any, str, str], ...] = (
    (
        (WorkerDiedError, MemoryError),
        "A process that makes the edition was ended, most often for want of memory",
        "See what else needs memory on this machine, or give it more.",
    ),
    (
        TreeError,
        "Something else stands in the place of a link of ours in the newsroom's folder `edition`",
        "`current` there must be a link to `a` or `b`: move away what is no link.",
    ),
    (
        NewsroomError,
        "The settings or the theme are not as they must be",
        "Run `tamizdat doctor` and correct what it names.",
    ),
    (
        DatabaseFault,
        "The database does not answer, or refuses",
        "See whether the desk's database runs and has room.",
    ),
)
PATIENCE = timedelta(hours=1)  # a full build of 100,000 articles takes ten minutes
BUSY = Alert(
    "edition-busy",
    "Another process has been making an edition for more than an hour. Nobody else can publish.",
    "It is still at work, or it hangs.",
    "Find it with `fuser -v .lock` in the folder `edition`. If it does nothing, end it: nothing is "
    "lost, and the next one does all.",
)
UNKNOWN = ("Something failed that nobody foresaw", "If it stays so, report it with this place.")


def tell_of_lock(data: Path, tree: Tree, at: datetime, *, ours: bool) -> None:
    """Raise an alert if another process has been at it for so long that it may hang."""
    since = tree.locked_at
    if ours or since is None or datetime.now(UTC) - since < PATIENCE:
        clear(data, BUSY.key)
    else:
        raise_alert(data, BUSY, at)


@dataclass(slots=True)
class Attempt:
    """To make an edition. Whoever finds another publisher at it says that it was not made here."""

    was_made: bool = True


@contextmanager
def alert_on_failure(data: Path, at: datetime) -> Iterator[Attempt]:
    """Raise an alert if the edition cannot be made, and clear it when one could be.

    The error goes on to whoever asked for the edition.
    """
    attempt = Attempt()
    try:
        yield attempt
    except Exception as error:
        raise_alert(data, Alert(KEY, WHAT, *_why_and_do(error, data)), at)
        raise
    if attempt.was_made:
        clear(data, KEY)


def stands(data: Path) -> bool:
    """Say whether the last edition that was asked for could not be made."""
    return any(alert.key == KEY for alert in standing(data))


def _why_and_do(error: Exception, data: Path) -> tuple[str, str]:
    if isinstance(error, NeededError):
        return str(error), f"Correct what is named there. {AGAIN}"
    if isinstance(error, DatabaseFault) and _is_full(data):
        _, why, do = DISK[0]
    elif isinstance(error, OSError) and not isinstance(error, WorkerDiedError):
        why, do = next((said for numbers, *said in DISK if error.errno in numbers), BAD_DISK)
    else:
        why, do = next((said for kinds, *said in KINDS if isinstance(error, kinds)), UNKNOWN)
    return f"{why} ({where(error)}).", f"{do} {AGAIN}"


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST
    except OSError:
        return False
