"""Whether an error is about one page alone, and the sentence that says so to whoever repairs it."""

from django.db import Error as DatabaseFault
from jinja2 import TemplateNotFound

from tamizdat.lib.failures import where

CAUSE = "The cause: "  # how a row begins whose text only engineers can read
LONGEST_WHY = 400  # characters of the column that keeps it


class UnreadableError(Exception):
    """What the desk holds of a job's subject cannot be read; `why` is the kind and place."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_its_own(error: Exception) -> bool:
    """Say whether a job's error is about that job, and not about disk, memory or database."""
    if isinstance(error, TemplateNotFound):  # which is an OSError, too
        return True
    return not isinstance(error, (OSError, MemoryError, DatabaseFault))


def cause(error: Exception) -> str:
    """Return the sentence that says why a job failed: no word of the error itself."""
    return unreadable(error.why if isinstance(error, UnreadableError) else where(error))


def unreadable(said: str) -> str:
    """Return the same of what was said before: the kind and place of an error."""
    return f"{CAUSE}{said}."[:LONGEST_WHY]
