"""What to tell when no edition can be made: what is wrong, why, and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import Error as DatabaseFault

from tamizdat.lib.alerts import Alert, clear, raise_alert, standing
from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import NewsroomError
from tamizdat.lib.worker_pool import WorkerDiedError
from tamizdat.press.failed_jobs import NeededError

KEY = "edition"
WHAT = "Nothing can be published. Readers keep the edition before; nothing is lost."
AGAIN = "It is tried again every minute."
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(slots=True)
class Attempt:
    """To make an edition. Whoever finds another publisher at it says that it was not made here."""

    was_made: bool = True


@contextmanager
def told(data: Path, at: datetime) -> Iterator[Attempt]:
    """Raise an alert if the edition cannot be made, and clear it when one could be.

    The error goes on to whoever asked for the edition.
    """
    attempt = Attempt()
    try:
        yield attempt
    except Exception as error:
        raise_alert(data, Alert(KEY, WHAT, *_why_and_do(error)), at)
        raise
    if attempt.was_made:
        clear(data, KEY)


def stands(data: Path) -> bool:
    """Say whether the last edition that was asked for could not be made."""
    return any(alert.key == KEY for alert in standing(data))


def _why_and_do(error: Exception) -> tuple[str, str]:
    cause = f"({where(error)})"
    if isinstance(error, NeededError):
        return str(error), f"Correct what is named there. {AGAIN}"
    if isinstance(error, (WorkerDiedError, MemoryError)):
        return (
            f"A process that makes the edition was ended, most often for want of memory {cause}.",
            f"See what else needs memory on this machine, or give it more. {AGAIN}",
        )
    if isinstance(error, NewsroomError):
        return (
            f"The settings or the theme are not as they must be {cause}.",
            f"Run `tamizdat doctor` and correct what it names. {AGAIN}",
        )
    if isinstance(error, DatabaseFault):
        return (
            f"The database does not answer, or refuses {cause}.",
            f"See whether the desk's database runs and has room. {AGAIN}",
        )
    if isinstance(error, OSError):
        return _of_the_disk(error, cause)
    return f"The cause: {where(error)}.", f"If it stays so, report the cause. {AGAIN}"


def _of_the_disk(error: OSError, cause: str) -> tuple[str, str]:
    if error.errno in FULL:
        return (
            f"The disk is full {cause}.",
            f"Make room where the newsroom's folders `edition` and `data` lie. {AGAIN}",
        )
    if error.errno in CLOSED:
        return (
            f"The newsroom's folder `edition` or `data` cannot be written {cause}.",
            f"See who owns its files, and whether the disk is mounted read-only. {AGAIN}",
        )
    return (
        f"The disk does not do what it is asked {cause}.",
        f"See what the system's log says of the disk under the folder `edition`. {AGAIN}",
    )
