"""One answer of the doctor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and what it is like.

    Where something is wrong, `why` says what is known of the cause and `do` what to do about it.
    `about` names the state where `what` holds a number that changes while the state lasts.
    `question` is what was asked.
    """

    well: bool
    what: str
    do: str = ""
    why: str = ""
    about: str = ""
    question: str = ""


def good(what: str) -> Finding:
    """Return an answer with which nobody has anything to do."""
    return Finding(well=True, what=what)


def wrong(what: str, do: str, why: str = "", about: str = "") -> Finding:
    """Return an answer with which somebody has something to do."""
    return Finding(well=False, what=what, do=do, why=why, about=about)
